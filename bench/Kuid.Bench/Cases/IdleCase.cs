using System.Globalization;
using Kuid.Bench.Daemons;
using Kuid.Bench.Load;
using Kuid.Bench.Reporting;
using Kuid.Bench.Sampling;
using Kuid.Bench.Statistics;

namespace Kuid.Bench.Cases;

/// <summary>What a daemon costs that has nothing to do: fresh from its start, and after it had much to do.</summary>
internal sealed class IdleCase : ICase
{
    private const int Requests = 3000;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);

    public string Name => "idle";

    public string What => "idle";

    public async Task<IReadOnlyList<Row>> MeasureAsync(Workbench bench, CancellationToken cancellation)
    {
        var fresh = new List<Look>();
        var used = new List<Look>();
        for (int round = 0; round < bench.Options.Rounds; round++)
        {
            await using KuidDaemon daemon = await KuidDaemon.StartAsync(bench, cancellation);
            fresh.Add(await LookAsync(daemon, cancellation));
            await SockprocDoor.Of(daemon, new CrlfLoad(daemon.Socket, 8, Requests, "true")).RunAsync(cancellation);
            used.Add(await LookAsync(daemon, cancellation));
        }

        bench.Note($"{What}: what woke, at the end: {string.Join(", ", used[^1].Threads.Where(each => each.PerSecond > 0).Select(Describe))}.");
        return [.. RowsOf($"{What}, from the start", fresh), .. RowsOf($"{What}, after {Requests:#,0} jobs", used)];
    }

    private static async Task<Look> LookAsync(KuidDaemon daemon, CancellationToken cancellation)
    {
        await Task.Delay(Settling, cancellation);
        IReadOnlyList<(string Thread, double PerSecond)> threads = await Wakeups.WatchAsync(daemon.Pid, Window, cancellation);
        return new Look(threads, ProcessMemory.Of(daemon.Pid).Resident);
    }

    private static string Describe((string Thread, double PerSecond) each) =>
        string.Create(CultureInfo.InvariantCulture, $"{each.Thread} {each.PerSecond:0.0}/s");

    private static IEnumerable<Row> RowsOf(string what, IReadOnlyList<Look> rounds) =>
    [
        new Row($"{what}: wake-ups", "1/s", new Series(rounds.Select(round => round.Threads.Sum(each => each.PerSecond)))) { Goal = Goal.AtMostOf(3) },
        new Row($"{what}: resident", "MB", new Series(rounds.Select(round => round.Resident / 1e6))) { Goal = Goal.AtMostOf(80) },
    ];

    private sealed record Look(IReadOnlyList<(string Thread, double PerSecond)> Threads, long Resident);
}
