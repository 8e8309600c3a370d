using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Kuid.TestKit;

/// <summary>
/// Gives a parser what lies in <c>tests/corpus/PARSER</c>, each file as it is and then damaged in ways that a seed and a number
/// decide, and holds it to bounds of time and memory. KUID_FUZZ_SEED and KUID_FUZZ_COUNT choose others and more.
/// </summary>
/// <param name="parser">The name of its folder.</param>
/// <param name="tokens">Bytes that mean something to it, besides those that mean something to most.</param>
public sealed class CorpusFuzz(string parser, params string[] tokens)
{
    private const long DefaultCount = 3000;

    // Far above what any of them takes, and far below what a parser takes that believes a length or goes back and forth.
    private const long MostBytes = 32 * 1024 * 1024;
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(5);

    private readonly byte[][] _corpus = Load(parser);
    private readonly byte[][] _tokens =
    [
        .. tokens.Concat(["\0", "\r\n", "\n", "\u00ff", "-1", "0", "18446744073709551616", "9223372036854775808", "\"", "\\"]).Select(Encoding.Latin1.GetBytes),
    ];

    /// <summary>Runs the plan of the environment.</summary>
    /// <param name="accepts">Reads an input, checks what it has read, and says whether it was one. What it throws fails the test.</param>
    /// <param name="say">Told of the seed, the time, and how many were accepted and refused.</param>
    public void Run(Func<byte[], bool> accepts, Action<string> say)
    {
        ArgumentNullException.ThrowIfNull(accepts);
        ArgumentNullException.ThrowIfNull(say);
        FuzzPlan plan = FuzzPlan.Of(DefaultCount);
        long begun = Stopwatch.GetTimestamp();
        long accepted = 0;
        for (long round = 0; round < plan.Count; round++)
        {
            byte[] input = round < _corpus.Length ? _corpus[round] : Damaged(new Dice(plan.Seed, round));
            accepted += Try(accepts, input, $"{plan} case {round}") ? 1 : 0;
        }

        say(string.Create(
            CultureInfo.InvariantCulture,
            $"{parser}: {plan}, {accepted} accepted, {plan.Count - accepted} refused, {Stopwatch.GetElapsedTime(begun).TotalSeconds:F1} s"));
        if (plan.Count >= DefaultCount && (accepted == 0 || accepted == plan.Count))
        {
            throw new InvalidOperationException($"{parser}: all were alike, {accepted} of {plan.Count} accepted, so nothing was tried");
        }
    }

    private static bool Try(Func<byte[], bool> accepts, byte[] input, string which)
    {
        // The time of the processor: a machine that is busy with other things is no fault of the parser's.
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        TimeSpan begun = Environment.CpuUsage.TotalTime;
        try
        {
            bool accepted = accepts(input);
            TimeSpan taken = Environment.CpuUsage.TotalTime - begun;
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            return taken < MostTime && allocated < MostBytes
                ? accepted
                : throw new InvalidOperationException($"it took {taken.TotalSeconds} s and {allocated} bytes");
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{which}, input in base64: {Convert.ToBase64String(input)}: {e.Message}", e);
        }
    }

    private byte[] Damaged(Dice dice)
    {
        List<byte> input = [.. dice.Of<byte[]>(_corpus)];
        for (int damages = 1 + dice.Below(4); damages > 0; damages--)
        {
            Damage(input, dice);
        }

        return [.. input];
    }

    private void Damage(List<byte> input, Dice dice)
    {
        int at = dice.Below(input.Count + 1);
        int length = dice.Below(Math.Min(input.Count - at, 20) + 1);
        switch (dice.Below(9))
        {
            case 0 when at < input.Count:
                input[at] ^= (byte)(1 << dice.Below(8));
                break;
            case 1 when at < input.Count:
                input[at] = dice.Byte();
                break;
            case 2:
                input.Insert(at, dice.Byte());
                break;
            case 3 or 4:
                input.InsertRange(at, dice.Of<byte[]>(_tokens));
                break;
            case 5:
                input.RemoveRange(at, length);
                break;
            case 6:
                input.InsertRange(at, input.GetRange(at, length));
                break;
            case 7:
                // The head of this one and the tail of another.
                byte[] other = dice.Of<byte[]>(_corpus);
                input.RemoveRange(at, input.Count - at);
                input.AddRange(other.AsSpan(dice.Below(other.Length + 1)));
                break;
            default:
                input.InsertRange(at, Enumerable.Repeat(dice.OneIn(2) ? (byte)'9' : dice.Byte(), dice.OneIn(50) ? 3000 : dice.Below(40)));
                break;
        }
    }

    private static byte[][] Load(string parser) =>
        [.. Directory.EnumerateFiles(Repository.File("tests/corpus/" + parser)).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
}
