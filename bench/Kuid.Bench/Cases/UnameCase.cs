using Kuid.Bench.Daemons;
using Kuid.Bench.Load;
using Kuid.Bench.Reporting;
using Kuid.Bench.Statistics;

namespace Kuid.Bench.Cases;

/// <summary>How many jobs a second when the shell would have to start a program.</summary>
internal sealed class UnameCase : ICase
{
    public string Name => "uname-8";

    public string What => "`uname -a`, 8 connections";

    public async Task<IReadOnlyList<Row>> MeasureAsync(Workbench bench, CancellationToken cancellation)
    {
        await using KuidDaemon daemon = await KuidDaemon.StartAsync(bench, cancellation);
        await using Sockproc? original = await Sockproc.StartAsync(bench, cancellation);
        Rounds rounds = await Rounds.RunAsync(
            bench.Options.Rounds,
            SockprocDoor.Both(daemon, original, new CrlfLoad(daemon.Socket, 8, 2000, "uname -a")),
            cancellation);
        return
        [
            new Row(What, "1/s", rounds.Of(SockprocDoor.Ours, run => run.Rate)) { Goal = Goal.AtLeastTimes(2) }
                .Beside(SockprocDoor.Original, rounds.Of(SockprocDoor.Original, run => run.Rate), Workbench.NoSockproc),
        ];
    }
}
