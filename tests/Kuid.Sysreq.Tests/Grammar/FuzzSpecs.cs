using System.Globalization;
using System.Text.Json;
using Kuid.Sysreq.Grammar;
using Kuid.Sysreq.Grammar.Tree;
using Kuid.TestKit;

namespace Kuid.Sysreq.Tests.Grammar;

/// <summary>
/// Damaged scripts. KUID_FUZZ_SEED and KUID_FUZZ_COUNT choose others and more; a failure names the seed and the case, which together
/// always make the same source.
/// </summary>
public sealed class FuzzSpecs(ITestOutputHelper output)
{
    private const long DefaultCount = 5_000;

    // No source of 4000 characters takes a minute, however loaded the machine is.
    private static readonly TimeSpan Hung = TimeSpan.FromMinutes(5);

    // A reader that does more than its share allocates more than its share: measured, no case comes near a half of this.
    private const long BytesPerSource = 400_000;
    private const long BytesPerCharacter = 4_000;

    private const int Stack = 1 << 20;

    private long _round;
    private long _scripts;
    private long _incomplete;
    private double _dearest;
    private Exception? _failure;

    [Fact]
    public void Damaged_scripts_are_read_or_refused_and_what_is_read_is_printed_and_read_again()
    {
        var plan = FuzzPlan.Of(DefaultCount);
        output.WriteLine(plan.ToString());
        (ulong seed, long count) = plan;
        var thread = new Thread(() => Run(seed, count), Stack) { IsBackground = true };
        thread.Start();
        long round = -1;
        while (!thread.Join(Hung))
        {
            Volatile.Read(ref _round).Should().BeGreaterThan(round, $"seed {seed} must not hang: {JsonSerializer.Serialize(Source(seed, round + 1))}");
            round = Volatile.Read(ref _round);
        }

        if (_failure is not null)
        {
            throw new InvalidOperationException($"seed {seed} case {_round} {JsonSerializer.Serialize(Source(seed, _round))}", _failure);
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count - _scripts} refused, {_incomplete} of them incomplete; "
            + $"{_scripts} read; at most {_dearest:0.00} of the allowed bytes; {GC.GetTotalMemory(forceFullCollection: true)} bytes kept"));
        _scripts.Should().BePositive();
        _incomplete.Should().BePositive();
        (count - _scripts - _incomplete).Should().BePositive();
    }

    [Fact]
    public void The_same_seed_and_case_always_make_the_same_source_and_others_make_others()
    {
        string[] Sources(ulong seed) => [.. Enumerable.Range(0, 1000).Select(round => Source(seed, round))];
        Sources(7).Should().Equal(Sources(7));
        Sources(7).Intersect(Sources(8), StringComparer.Ordinal).Should().HaveCountLessThan(500);
    }

    private void Run(ulong seed, long count)
    {
        try
        {
            for (long round = 0; round < count; round++)
            {
                Volatile.Write(ref _round, round);
                Try(Source(seed, round), new Dice(~seed, round));
            }
        }
        catch (Exception e)
        {
            _failure = e;
        }
    }

    private static string Source(ulong seed, long round)
    {
        var dice = new Dice(seed, round);
        string source = new ScriptGenerator(dice).Script().ToString();
        var mutator = new ScriptMutator(dice);
        for (int damages = dice.Below(5); damages > 0; damages--)
        {
            source = mutator.Mutate(source);
        }

        return source;
    }

    private void Try(string source, Dice dice)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Script? script = null;
        SyntaxException? error = null;
        try
        {
            script = ScriptParser.Parse(source);
        }
        catch (SyntaxException e)
        {
            error = e;
        }

        double share = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)(BytesPerSource + (BytesPerCharacter * source.Length));
        _dearest = Math.Max(_dearest, share);
        Require(share <= 1, $"{share} of the allowed bytes");
        if (script is not null)
        {
            _scripts++;
            string printed = script.ToString();
            Script again = ScriptParser.Parse(printed);
            Require(again.Equals(script), $"printed as another script: {printed}");
            Require(again.ToString() == printed, $"printed in another way again: {printed}");
        }

        if (error is not null)
        {
            _incomplete += error.IsIncomplete ? 1 : 0;
            RequirePlace(source, error.Span.Start);
            RequirePlace(source, error.Span.End);
            Require(error.Span.Start.Offset <= error.Span.End.Offset, "it ends before it begins");
            Require(error.Render().Split('\n') is [_, _, var carets] && carets.Contains('^', StringComparison.Ordinal), "there is no caret");
        }

        ScriptParser.ContextAt(source, dice.Below(source.Length + 1));
    }

    // Lines and columns are counted on the way; here they are counted from the offset.
    private static void RequirePlace(string source, SourcePosition place)
    {
        Require(place.Offset >= 0 && place.Offset <= source.Length, $"{place.Offset} is not within the source");
        string before = source[..place.Offset];
        Require(place.Line == before.Count(c => c == '\n') + 1, $"{place} is in another line");
        int column = before[(before.LastIndexOf('\n') + 1)..].EnumerateRunes().Count() + 1;
        Require(place.Column == column, $"{place} is in column {column}");
    }

    private static void Require(bool isSo, string otherwise)
    {
        if (!isSo)
        {
            throw new InvalidOperationException(otherwise);
        }
    }
}
