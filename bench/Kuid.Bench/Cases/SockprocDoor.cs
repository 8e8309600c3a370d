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

    // By then it compiles little: some 3 us a job, where it is 70 and more in the first ten thousand (the CPU time of its threads).
    private const int WarmUp = 12_000;

    /// <summary>
    /// Has a daemon of ours run so much that the runtime has compiled what runs often. It does so beside the work, on the same two cores,
    /// and a daemon that runs for weeks does it in its first seconds.
    /// </summary>
    internal static async Task WarmAsync(KuidDaemon daemon, string command, CancellationToken cancellation) =>
        await Of(daemon, new CrlfLoad(daemon.Socket, 8, WarmUp, command)).RunAsync(cancellation);

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
