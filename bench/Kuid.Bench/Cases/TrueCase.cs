using Kuid.Bench.Daemons;
using Kuid.Bench.Load;
using Kuid.Bench.Reporting;
using Kuid.Bench.Statistics;

namespace Kuid.Bench.Cases;

/// <summary>How many jobs a second when the command does nothing.</summary>
internal sealed class TrueCase : ICase
{
    private const int Requests = 4000;

    public string Name => "true-8";

    public string What => "`true`, 8 connections";

    public async Task<IReadOnlyList<Row>> MeasureAsync(Workbench bench, CancellationToken cancellation)
    {
        await using KuidDaemon daemon = await KuidDaemon.StartAsync(bench, cancellation);
        await using Sockproc? original = await Sockproc.StartAsync(bench, cancellation);
        await SockprocDoor.WarmAsync(daemon, "true", cancellation);
        Rounds rounds = await Rounds.RunAsync(
            bench.Options.Rounds,
            [
                .. SockprocDoor.Both(daemon, original, new CrlfLoad(daemon.Socket, 8, Requests, "true")),
                new Contender(SockprocDoor.Limit, new SpawnLimit(Requests).RunAsync),
            ],
            cancellation);
        Series? rate = rounds.Of(SockprocDoor.Ours, run => run.Rate);
        return
        [
            new Row(What, "1/s", rate) { Goal = Goal.AtLeastTimes(1.25) }
                .Beside(SockprocDoor.Original, rounds.Of(SockprocDoor.Original, run => run.Rate), Workbench.NoSockproc),
            new Row($"{What}, beside the spawn limit of {SpawnLimit.Threads} threads", "1/s", rate)
            {
                Limit = rounds.Of(SockprocDoor.Limit, run => run.Rate),
                Goal = Goal.AtLeastTimes(0.75),
            },
            new Row($"{What}, p99", "ms", rounds.Of(SockprocDoor.Ours, run => run.P99)) { Goal = Goal.AtMostTimes(1) }
                .Beside(SockprocDoor.Original, rounds.Of(SockprocDoor.Original, run => run.P99), Workbench.NoSockproc),
        ];
    }
}
