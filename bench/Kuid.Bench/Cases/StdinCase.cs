using Kuid.Bench.Daemons;
using Kuid.Bench.Load;
using Kuid.Bench.Reporting;
using Kuid.Bench.Statistics;

namespace Kuid.Bench.Cases;

/// <summary>How fast much input reaches the job.</summary>
internal sealed class StdinCase : ICase
{
    private const int Megabytes = 50;

    public string Name => "stdin";

    public string What => $"{Megabytes} MB of stdin";

    public async Task<IReadOnlyList<Row>> MeasureAsync(Workbench bench, CancellationToken cancellation)
    {
        await using KuidDaemon daemon = await KuidDaemon.StartAsync(bench, cancellation);
        await using Sockproc? original = await Sockproc.StartAsync(bench, cancellation);
        Rounds rounds = await Rounds.RunAsync(
            bench.Options.Rounds,
            SockprocDoor.Both(daemon, original, new CrlfLoad(daemon.Socket, 1, 7, "cat >/dev/null", Megabytes * 1_000_000)),
            cancellation);
        return
        [
            new Row(What, "MB/s", rounds.Of(SockprocDoor.Ours, run => Megabytes * 1000 / run.P50)) { Goal = Goal.AtLeastTimes(1) }
                .Beside(SockprocDoor.Original, rounds.Of(SockprocDoor.Original, run => Megabytes * 1000 / run.P50), Workbench.NoSockproc),
        ];
    }
}
