using System.Runtime.InteropServices;
using Kuid.Jobd.Doors.Sockproc;
using Kuid.TestKit;

namespace Kuid.Jobd.Tests.Sockproc;

/// <summary>
/// Row 77: damaged requests by the million. KUID_FUZZ_SEED and KUID_FUZZ_COUNT choose others and more; a failure names the
/// seed and the case, which together always make the same request.
/// </summary>
public sealed class FuzzSpecs(ITestOutputHelper output)
{
    private const long DefaultCount = 1_000_000;

    // With fewer cases than this, chance may leave an outcome out.
    private const long EnoughForAllOutcomes = 10_000;

    private static readonly ReadLimits[] Limits =
        [ReadLimits.Small, new(40, 9), new(200, long.MaxValue), ReadLimits.Default];

    private readonly List<byte> _request = [];
    private readonly RequestMutator _mutator = new();
    private readonly int[] _cuts = new int[512];

    [Fact]
    public void Row_77_a_million_damaged_requests_are_each_read_as_the_reference_reads_them()
    {
        var plan = FuzzPlan.Of(DefaultCount);
        output.WriteLine(plan.ToString());
        (ulong seed, long count) = plan;

        long complete = 0;
        var refused = RejectionReasonCounts();
        for (long round = 0; round < count; round++)
        {
            ReadOutcome outcome = Try(seed, round);
            if (outcome.Reason is { } reason)
            {
                refused[reason]++;
            }
            else
            {
                complete++;
            }
        }

        output.WriteLine($"complete {complete}, {string.Join(", ", refused.Select(r => $"{r.Key} {r.Value}"))}");
        if (count >= EnoughForAllOutcomes)
        {
            complete.Should().BePositive();
            refused.Should().OnlyContain(r => r.Value > 0, "every refusal of the reader must have been met");
        }
    }

    [Fact]
    public void The_same_seed_and_case_always_make_the_same_request_and_others_make_others()
    {
        string[] Requests(ulong seed) => [.. Enumerable.Range(0, 1000).Select(round =>
        {
            Make(seed, round, out _, out _);
            return Wire.Text(CollectionsMarshal.AsSpan(_request));
        })];
        Requests(7).Should().Equal(Requests(7));
        Requests(7).Intersect(Requests(8), StringComparer.Ordinal).Should().HaveCountLessThan(500);
    }

    [Fact]
    public void Before_they_are_damaged_all_generated_requests_are_well_formed()
    {
        for (int round = 0; round < 20_000; round++)
        {
            var dice = new Dice(FuzzPlan.DefaultSeed, round);
            ReadLimits limits = Limits[dice.Below(Limits.Length)];
            _request.Clear();
            RequestGrammar.Append(_request, dice, limits);
            ReadOutcome outcome = ReaderRun.Cut(CollectionsMarshal.AsSpan(_request), [], limits);
            if (outcome.AtEnd != ReadState.Complete || outcome.Surplus!.Length != outcome.StdinBytes)
            {
                Assert.Fail($"case {round}: {Wire.Show(CollectionsMarshal.AsSpan(_request))} gave {outcome}");
            }
        }
    }

    private ReadOutcome Try(ulong seed, long round)
    {
        Make(seed, round, out ReadLimits limits, out int cuts);
        ReadOnlySpan<byte> request = CollectionsMarshal.AsSpan(_request);
        ReadOutcome expected = ReferenceParser.Parse(request, limits);
        ReadOutcome found;
        try
        {
            found = ReaderRun.Cut(request, _cuts.AsSpan(0, cuts), limits);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"seed {seed} case {round} {limits} {Wire.Show(request)}", e);
        }

        if (found != expected)
        {
            Assert.Fail($"seed {seed} case {round} {limits} {Wire.Show(request)}\nexpected {expected}\nfound    {found}");
        }

        return found;
    }

    private void Make(ulong seed, long round, out ReadLimits limits, out int cuts)
    {
        var dice = new Dice(seed, round);
        limits = Limits[dice.Below(Limits.Length)];
        _request.Clear();
        RequestGrammar.Append(_request, dice, limits);
        for (int damages = 1 + dice.Below(4); damages > 0; damages--)
        {
            _mutator.Mutate(_request, dice, limits);
        }

        cuts = Cut(dice);
    }

    // A few pieces mostly, single bytes sometimes.
    private int Cut(Dice dice)
    {
        if (dice.OneIn(16) && _request.Count <= _cuts.Length)
        {
            for (int i = 0; i < _request.Count; i++)
            {
                _cuts[i] = i;
            }

            return _request.Count;
        }

        int cuts = dice.Below(5);
        for (int i = 0; i < cuts; i++)
        {
            _cuts[i] = dice.Below(_request.Count + 1);
        }

        _cuts.AsSpan(0, cuts).Sort();
        return cuts;
    }

    private static Dictionary<RejectionReason, long> RejectionReasonCounts() =>
        ReaderReasons.All.ToDictionary(reason => reason!.Value, _ => 0L);
}
