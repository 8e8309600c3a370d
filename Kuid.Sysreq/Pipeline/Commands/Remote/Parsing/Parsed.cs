namespace Kuid.Sysreq.Pipeline.Commands.Remote.Parsing;

/// <summary>What a line of a remote system's text says, or what is wrong with it: such text is untrusted, and a bad line is no exception.</summary>
/// <param name="Entry">What it says; the default when it is malformed.</param>
/// <param name="Problem">What is wrong with it, for people; null when nothing is.</param>
internal readonly record struct Parsed<T>(T? Entry, string? Problem);

/// <summary>Understands one line, which has no newline at its end.</summary>
internal delegate Parsed<T> LineParser<T>(ReadOnlySpan<byte> line);

/// <summary>Makes <see cref="Parsed{T}"/>.</summary>
internal static class Parsed
{
    /// <summary>How much of a bad line is quoted.</summary>
    private const int MaximumQuote = 60;

    /// <summary>A line that was understood.</summary>
    public static Parsed<T> Of<T>(T entry) => new(entry, null);

    /// <summary>A line that was not; the problem ends with its first bytes, escaped.</summary>
    public static Parsed<T> Bad<T>(string problem, ReadOnlySpan<byte> line)
    {
        var quote = new Sysreq.Remote.ByteString(line[..Math.Min(line.Length, MaximumQuote)].ToArray());
        return new(default, $"{problem}: \"{quote}\"{(line.Length > MaximumQuote ? "..." : "")}");
    }

    /// <summary>Every line of a text, empty ones left out; problems begin with the number of their line.</summary>
    /// <param name="headers">How many lines before the first are no entries.</param>
    public static List<Parsed<T>> Lines<T>(ReadOnlySpan<byte> text, LineParser<T> parser, int headers = 0)
    {
        var entries = new List<Parsed<T>>();
        for (var number = 1; !text.IsEmpty; number++)
        {
            var end = text.IndexOf((byte)'\n');
            var line = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + 1)..];
            if (line.IsEmpty || number <= headers)
                continue;

            var parsed = parser(line);
            entries.Add(parsed.Problem is null ? parsed : parsed with { Problem = $"line {number}: {parsed.Problem}" });
        }

        return entries;
    }
}
