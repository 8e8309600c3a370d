using FsCheck;
using FsCheck.Fluent;
using Kuid.Jobd.Core.Jobs;

namespace Kuid.Jobd.Core.Tests.Jobs.Waiting;

/// <summary>One job of a case, which names others by their place in the list.</summary>
internal sealed record PlannedJob
{
    internal static readonly IReadOnlyDictionary<string, int> Queues =
        new Dictionary<string, int>(StringComparer.Ordinal) { ["one"] = 1, ["four"] = 4, ["many"] = 16 };

    internal static readonly TimeSpan Soon = TimeSpan.FromSeconds(50);

    internal string Queue { get; init; } = "many";

    internal int Priority { get; init; }

    /// <summary>How many of the jobs before it, counted back from it, it comes after; one further back than the first is not there.</summary>
    internal IReadOnlyList<int> Back { get; init; } = [];

    internal AfterMode Mode { get; init; } = AfterMode.Success;

    internal string? Key { get; init; }

    internal KeyPolicy Policy { get; init; } = KeyPolicy.Queue;

    internal int MaxAttempts { get; init; } = 1;

    /// <summary>How many attempts fail before one succeeds.</summary>
    internal int Failures { get; init; }

    internal TimeSpan? Delay { get; init; }

    /// <summary>Whether it expires while nothing runs yet.</summary>
    internal bool Expires { get; init; }

    /// <summary>Whether it is cancelled while nothing runs yet.</summary>
    internal bool Cancel { get; init; }

    internal bool IsPlain => Back.Count == 0 && Key is null && Delay is null;

    /// <summary>Jobs of all sorts.</summary>
    internal static Gen<PlannedJob[]> ListOf(int most) =>
        from seed in Gen.Choose(0, int.MaxValue - 1)
        from size in Gen.Choose(1, most)
        select Make(size, new Random(seed), timed: true);

    internal static PlannedJob[] Make(int size, Random random, bool timed) => [.. Enumerable.Range(0, size).Select(_ => One(random, timed))];

    /// <summary>The same list with less in it.</summary>
    internal static IEnumerable<PlannedJob[]> Shrink(PlannedJob[] jobs)
    {
        for (int part = jobs.Length / 2; part >= 1; part /= 2)
        {
            for (int at = 0; at + part <= jobs.Length; at += part)
            {
                PlannedJob[] rest = [.. jobs[..at], .. jobs[(at + part)..]];
                if (rest.Length > 0)
                {
                    yield return rest;
                }
            }
        }
    }

    // The keys of skip and replace belong to jobs that wait for no others: what they meet is then known when they come, however
    // fast the end of one job reaches the next.
    private static PlannedJob One(Random random, bool timed)
    {
        bool One(int of) => random.Next(of) == 0;
        bool picky = One(8);
        return new PlannedJob
        {
            Queue = One(10) ? "one" : One(3) ? "four" : "many",
            Priority = random.Next(-2, 3),
            Back = picky || !One(2) ? [] : [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(1, 30)).Distinct()],
            Mode = One(3) ? AfterMode.End : AfterMode.Success,
            Key = picky ? $"picky-{random.Next(4)}" : One(4) ? $"key-{random.Next(6)}" : null,
            Policy = picky ? (KeyPolicy)random.Next(1, 4) : KeyPolicy.Queue,
            MaxAttempts = One(2) ? 1 : random.Next(2, 5),
            Failures = One(3) ? random.Next(1, 5) : 0,
            Delay = timed && One(5) ? TimeSpan.FromSeconds(random.Next(1, 2000)) : null,
            Expires = timed && One(20),
            Cancel = timed && One(20),
        };
    }
}
