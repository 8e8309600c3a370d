using Kuid.Bench.Daemons;
using Kuid.Bench.Load;
using Kuid.Bench.Statistics;
using Kuid.Jobd.Core.Jobs;

namespace Kuid.Bench.Cases;

/// <summary>Submissions to a queue that starts nothing: what is left of a job is the way to the disk.</summary>
internal static class PausedQueue
{
    private const string Queue = "/v1/queues/bench";
    private const string Body = """{"kind":"argv","argv":["/bin/true"],"queue":"bench"}""";
    private const int Accepted = 202;

    /// <summary>Room for all that is submitted.</summary>
    internal static DaemonSetup Setup { get; } = new() { Options = ["--backlog", "1000000", "--backlog-each", "1000000"] };

    /// <summary>Makes the queue, paused.</summary>
    internal static Task PauseAsync(KuidDaemon daemon, CancellationToken cancellation) =>
        daemon.SendAsync(HttpMethod.Put, Queue, """{"paused":true}""", cancellation);

    /// <summary>Clients that submit, after which the queue is empty again, so that every round finds the same.</summary>
    internal static Contender Of(Workbench bench, KuidDaemon daemon, int connections, int requests, string name) => new(name, async cancellation =>
    {
        Figures figures = await new H2Load(bench.Scratch, "http://localhost/v1/jobs", daemon.HttpSocket, Body, connections, requests, Accepted)
            .RunAsync(cancellation);

        // An answer says that the job is on disk, so there is nothing to wait for.
        await daemon.Ledger.ConfirmAsync(requests, JobState.Queued, cancellation);
        await daemon.SendAsync(HttpMethod.Post, Queue + "/purge", body: null, cancellation);
        return figures;
    });
}
