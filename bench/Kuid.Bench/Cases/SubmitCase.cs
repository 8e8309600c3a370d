using Kuid.Bench.Daemons;
using Kuid.Bench.Load;
using Kuid.Bench.Reporting;
using Kuid.Bench.Statistics;

namespace Kuid.Bench.Cases;

/// <summary>How many jobs a second are taken and on disk.</summary>
internal sealed class SubmitCase : ICase
{
    private const int Connections = 32;
    private const int Requests = 30_000;

    public string Name => "submit";

    public string What => $"POST /v1/jobs, durable 202, queue paused, {Connections} connections";

    public async Task<IReadOnlyList<Row>> MeasureAsync(Workbench bench, CancellationToken cancellation)
    {
        _ = H2Load.Program;
        await using KuidDaemon daemon = await KuidDaemon.StartAsync(bench, cancellation, PausedQueue.Setup);
        await PausedQueue.PauseAsync(daemon, cancellation);
        Rounds rounds = await Rounds.RunAsync(
            bench.Options.Rounds, [PausedQueue.Of(bench, daemon, Connections, Requests, SockprocDoor.Ours)], cancellation);
        return
        [
            new Row(What, "1/s", rounds.Of(SockprocDoor.Ours, run => run.Rate)) { Goal = Goal.AtLeast(12_000) },
            new Row($"{What}, p99", "ms", rounds.Of(SockprocDoor.Ours, run => run.P99)) { Goal = Goal.AtMostOf(15) },
        ];
    }
}
