using Kuid.Bench.Daemons;
using Kuid.Bench.Load;
using Kuid.Bench.Reporting;
using Kuid.Bench.Statistics;

namespace Kuid.Bench.Cases;

/// <summary>How many jobs a second when the shell would have to start a program.</summary>
internal sealed class UnameCase : ICase
{
    private const int Requests = 4000;
    private const string Command = "uname -a";

    public string Name => "uname-8";

    public string What => "`uname -a`, 8 connections";

    public async Task<IReadOnlyList<Row>> MeasureAsync(Workbench bench, CancellationToken cancellation)
    {
        await using KuidDaemon daemon = await KuidDaemon.StartAsync(bench, cancellation);
        await using Sockproc? original = await Sockproc.StartAsync(bench, cancellation);
        await SockprocDoor.WarmAsync(daemon, Command, cancellation);
        Rounds rounds = await Rounds.RunAsync(
            bench.Options.Rounds,
            [
                .. SockprocDoor.Both(daemon, original, new CrlfLoad(daemon.Socket, 8, Requests, Command)),
                new Contender(SockprocDoor.Limit, new SpawnLimit(Requests, "/bin/uname", "-a").RunAsync),
            ],
            cancellation);
        Series? rate = rounds.Of(SockprocDoor.Ours, run => run.Rate);
        Series? limit = rounds.Of(SockprocDoor.Limit, run => run.Rate);
        return
        [
            new Row(What, "1/s", rate) { Goal = Goal.AtLeastTimes(2) }
                .Beside(SockprocDoor.Original, rounds.Of(SockprocDoor.Original, run => run.Rate), Workbench.NoSockproc),
            new Row($"{What}, beside the spawn limit of {SpawnLimit.Threads} threads for `uname -a` without a shell", "1/s", rate) { Limit = limit },
            new Row("the spawn limit for `uname -a` without a shell, beside the original", "1/s", limit)
                .Beside(SockprocDoor.Original, rounds.Of(SockprocDoor.Original, run => run.Rate), Workbench.NoSockproc),
        ];
    }
}
