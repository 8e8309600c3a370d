using System.Text;

namespace Kuid.Jobd.Doors.Coprocess;

/// <summary>
/// One request as it stands in a message: a verb alone, a verb and words that each end with a NUL, or a verb, a space and a text.
/// The NUL behind the last word may be missing.
/// </summary>
/// <param name="Verb">What is asked for.</param>
/// <param name="Words">The words of ARGV, MAIN, ENV and CD.</param>
/// <param name="Text">The text of EVAL, ECMD, IEVAL and COMPLETE.</param>
internal sealed record CoprocessRequest(CoprocessVerb Verb, IReadOnlyList<byte[]> Words, byte[] Text)
{
    private const byte Nul = 0;
    private const byte Space = (byte)' ';

    // As much of a stranger's bytes as an error needs to be recognized by.
    private const int QuotedBytes = 40;

    private static readonly Dictionary<string, CoprocessVerb> Verbs =
        Enum.GetValues<CoprocessVerb>().ToDictionary(verb => verb.ToString().ToUpperInvariant(), StringComparer.Ordinal);

    /// <summary>Whether it is executed on three descriptors that come with it.</summary>
    internal bool TakesStdio => Verb is CoprocessVerb.Argv or CoprocessVerb.Main || IsEvaluation;

    /// <summary>Whether it evaluates a text in the shell.</summary>
    internal bool IsEvaluation => Verb is CoprocessVerb.Eval or CoprocessVerb.Ecmd or CoprocessVerb.Ieval;

    /// <summary>Reads a message.</summary>
    /// <param name="descriptors">How many descriptors came with it.</param>
    /// <exception cref="CoprocessRefusedException">It is none of the requests, or not as that one has to be.</exception>
    internal static CoprocessRequest Parse(ReadOnlySpan<byte> payload, int descriptors)
    {
        int end = payload.IndexOfAny(Nul, Space);
        string word = Encoding.Latin1.GetString(end < 0 ? payload : payload[..end]);
        if (!Verbs.TryGetValue(word, out CoprocessVerb verb))
        {
            throw new CoprocessRefusedException($"unknown request \"{Quote(payload)}\"; there are {string.Join(", ", Verbs.Keys)}");
        }

        ReadOnlySpan<byte> rest = end < 0 ? [] : payload[(end + 1)..];
        byte? separator = end < 0 ? null : payload[end];
        CoprocessRequest request = verb switch
        {
            CoprocessVerb.GetPid or CoprocessVerb.Dump => separator is null
                ? new CoprocessRequest(verb, [], [])
                : throw new CoprocessRefusedException($"{word} stands alone"),
            CoprocessVerb.Argv or CoprocessVerb.Main or CoprocessVerb.Env or CoprocessVerb.Cd => separator == Nul
                ? new CoprocessRequest(verb, WordsOf(verb, rest), [])
                : throw new CoprocessRefusedException($"{word} is followed by a NUL, and each of its words too"),
            _ => separator == Space
                ? new CoprocessRequest(verb, [], TextOf(word, rest))
                : throw new CoprocessRefusedException($"{word} is followed by a space and a text"),
        };
        return descriptors == 3 || (descriptors == 0 && !request.TakesStdio)
            ? request
            : throw new CoprocessRefusedException(
                $"{word} takes {(request.TakesStdio ? "" : "no descriptors or ")}3: stdin, stdout and stderr; there were {descriptors}");
    }

    private static List<byte[]> WordsOf(CoprocessVerb verb, ReadOnlySpan<byte> rest)
    {
        var words = new List<byte[]>();
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf(Nul);
            words.Add((end < 0 ? rest : rest[..end]).ToArray());
            rest = end < 0 ? [] : rest[(end + 1)..];
        }

        return (verb, words.Count) switch
        {
            (CoprocessVerb.Cd, not 1) => throw new CoprocessRefusedException($"CD takes one directory; there were {words.Count} words"),
            (_, 0) => throw new CoprocessRefusedException($"{verb.ToString().ToUpperInvariant()} takes at least one word"),
            _ => words,
        };
    }

    private static byte[] TextOf(string word, ReadOnlySpan<byte> text) => text.Contains(Nul)
        ? throw new CoprocessRefusedException($"the text of {word} contains a NUL byte, which no shell can read")
        : text.ToArray();

    private static string Quote(ReadOnlySpan<byte> payload)
    {
        string text = Encoding.UTF8.GetString(payload[..Math.Min(payload.Length, QuotedBytes)]);
        return string.Concat(text.Select(c => char.IsControl(c) ? '?' : c)) + (payload.Length > QuotedBytes ? "..." : "");
    }
}
