using Kuid.Bench.Daemons;
using Kuid.Bench.Load;
using Kuid.Bench.Statistics;
using Kuid.Jobd.Core.Jobs;

namespace Kuid.Bench.Cases;

/// <summary>A load of the sockproc protocol as a contender, on either daemon.</summary>
internal static class SockprocDoor
{
    internal const string Ours = "kuid";
    internal const string Original = "sockproc";
    internal const string Limit = "limit";

    /// <summary>Our daemon, whose history is looked at after each run.</summary>
    internal static Contender Of(KuidDaemon daemon, CrlfLoad load, string name = Ours) => new(name, async cancellation =>
    {
        Figures figures = await load.RunAsync(cancellation);
        await daemon.Ledger.ConfirmAsync(load.Requests, JobState.Succeeded, cancellation);
        return figures;
    });

    /// <summary>The same load on our daemon and, where it is given, on the original.</summary>
    internal static IReadOnlyList<Contender> Both(KuidDaemon daemon, Sockproc? original, CrlfLoad load) =>
    [
        Of(daemon, load),
        .. original is null ? Array.Empty<Contender>() : [new Contender(Original, (load with { Socket = original.Socket }).RunAsync)],
    ];
}
