using Kuid.Bench.Daemons;
using Kuid.Bench.Load;
using Kuid.Bench.Reporting;
using Kuid.Bench.Statistics;

namespace Kuid.Bench.Cases;

/// <summary>What one job takes when nobody else asks.</summary>
internal sealed class SingleCase : ICase
{
    private static readonly (string Command, double Goal)[] Commands = [("true", 0.8), ("uname -a", 0.6)];

    // Machines drift from second to second, and so many jobs take less than one: those that are compared take turns more often.
    private const int Requests = 400;
    private const int Turns = 5;

    public string Name => "single";

    public string What => "one at a time";

    public async Task<IReadOnlyList<Row>> MeasureAsync(Workbench bench, CancellationToken cancellation)
    {
        await using KuidDaemon daemon = await KuidDaemon.StartAsync(bench, cancellation);
        await using Sockproc? original = await Sockproc.StartAsync(bench, cancellation);
        var rows = new List<Row>();
        foreach ((string command, double goal) in Commands)
        {
            await SockprocDoor.WarmAsync(daemon, command, cancellation);
            Rounds rounds = await Rounds.RunAsync(
                bench.Options.Rounds * Turns,
                SockprocDoor.Both(daemon, original, new CrlfLoad(daemon.Socket, 1, Requests, command)),
                cancellation);
            rows.Add(new Row($"`{command}`, {What}, p50", "ms", rounds.Of(SockprocDoor.Ours, run => run.P50)) { Goal = Goal.AtMostTimes(goal) }
                .Beside(SockprocDoor.Original, rounds.Of(SockprocDoor.Original, run => run.P50), Workbench.NoSockproc));
        }

        return rows;
    }
}
