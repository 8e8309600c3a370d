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
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);

    public string Name => "idle";

    public string What => "idle";

    public async Task<IReadOnlyList<Row>> MeasureAsync(Workbench bench, CancellationToken cancellation)
    {
        var fresh = new List<(double Wakeups, double Resident)>();
        var used = new List<(double Wakeups, double Resident)>();
        for (int round = 0; round < bench.Options.Rounds; round++)
        {
            await using KuidDaemon daemon = await KuidDaemon.StartAsync(bench, cancellation);
            fresh.Add(await LookAsync(daemon, cancellation));
            await SockprocDoor.Of(daemon, new CrlfLoad(daemon.Socket, 8, Requests, "true")).RunAsync(cancellation);
            used.Add(await LookAsync(daemon, cancellation));
        }

        return [.. RowsOf($"{What}, from the start", fresh), .. RowsOf($"{What}, after {Requests:#,0} jobs", used)];
    }

    private static async Task<(double Wakeups, double Resident)> LookAsync(KuidDaemon daemon, CancellationToken cancellation)
    {
        await Task.Delay(Settling, cancellation);
        double wakeups = await Wakeups.PerSecondAsync(daemon.Pid, Window, cancellation);
        return (wakeups, ProcessMemory.Of(daemon.Pid).Resident / 1e6);
    }

    private static IEnumerable<Row> RowsOf(string what, IReadOnlyList<(double Wakeups, double Resident)> rounds) =>
    [
        new Row($"{what}: wake-ups", "1/s", new Series(rounds.Select(round => round.Wakeups))) { Goal = Goal.AtMostOf(3) },
        new Row($"{what}: resident", "MB", new Series(rounds.Select(round => round.Resident))) { Goal = Goal.AtMostOf(80) },
    ];
}
