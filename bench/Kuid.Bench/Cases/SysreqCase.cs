using System.Diagnostics;
using System.Globalization;
using Kuid.Bench.Daemons;
using Kuid.Bench.Load;
using Kuid.Bench.Reporting;
using Kuid.Bench.Statistics;
using Kuid.Sysreq.Pipeline;
using Kuid.Sysreq.Remote;

namespace Kuid.Bench.Cases;

/// <summary>What remote system calls cost on a Unix socket: one, many at once, and a pipeline of the language over them.</summary>
internal sealed class SysreqCase : ICase
{
    private const int Calls = 20_000;
    private const int BatchedCalls = 10_000;
    private const int Batches = 30;
    private const int Processes = 100;
    private const int Evaluations = 40;

    // A process may have ended after it was listed.
    private const int FewestLines = Processes * 9 / 10;

    public string Name => "sysreq";

    public string What => "sysreq on a Unix socket";

    public async Task<IReadOnlyList<Row>> MeasureAsync(Workbench bench, CancellationToken cancellation)
    {
        await using SysreqServer server = await SysreqServer.StartAsync(bench, cancellation);

        // A container may have few processes of its own.
        List<ChildProcess> fill = [.. Enumerable.Range(0, Processes).Select(_ =>
            ChildProcess.Start(bench.Scratch.NewPath("sleep.log"), ["sleep", "600"]))];
        try
        {
            await using SysreqClient client = await SysreqClient.ConnectAsync(server.Transport, options: null, cancellation);
            await using Session session = await Session.OpenAsync(server.Transport, new SessionOptions(), cancellation);
            Rounds rounds = await Rounds.RunAsync(
                bench.Options.Rounds,
                [
                    new Contender("call", cancelled => CallAsync(client, cancelled)),
                    new Contender("batch", cancelled => BatchAsync(client, cancelled)),
                    new Contender("pipeline", cancelled => EvaluateAsync(session, cancelled)),
                ],
                cancellation);
            return
            [
                new Row($"{What}: getpid, round trip, p50", "us", rounds.Of("call", run => run.P50 * 1000)) { Goal = Goal.AtMostOf(40) },
                new Row($"{What}: getpid, in batches of {BatchedCalls}", "1/s", rounds.Of("batch", run => run.Rate)) { Goal = Goal.AtLeast(250_000) },
                new Row($"{What}: `ps \\| xargs pstat`, {Processes} processes, p50", "ms", rounds.Of("pipeline", run => run.P50)) { Goal = Goal.AtMostOf(10) },
            ];
        }
        finally
        {
            foreach (ChildProcess process in fill)
            {
                await process.DisposeAsync();
            }
        }
    }

    private static async Task<Figures> CallAsync(SysreqClient client, CancellationToken cancellation)
    {
        SystemCall getPid = GetPid(client);
        double[] latencies = new double[Calls];
        for (int call = 0; call < Calls; call++)
        {
            long start = Stopwatch.GetTimestamp();
            long pid = await client.CallAsync(getPid.Number, cancellationToken: cancellation);
            latencies[call] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            Require(pid == client.Pid, $"getpid gave {pid}");
        }

        return new Figures(1000 / latencies.Average(), Percentile.Of(latencies, 50), Percentile.Of(latencies, 99));
    }

    private static async Task<Figures> BatchAsync(SysreqClient client, CancellationToken cancellation)
    {
        SystemCall getPid = GetPid(client);
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Batches; i++)
        {
            var batch = new Batch();
            for (int call = 0; call < BatchedCalls; call++)
            {
                batch.Call(getPid);
            }

            await client.SendAsync(batch, cancellation);
            Require(batch.Requests.All(request => request.Result == client.Pid), "a batched getpid gave another number");
        }

        return new Figures(Batches * BatchedCalls / Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private static async Task<Figures> EvaluateAsync(Session session, CancellationToken cancellation)
    {
        string script = string.Create(CultureInfo.InvariantCulture, $"ps | head {Processes} | xargs pstat");
        var latencies = new List<double>();
        for (int i = 0; i < Evaluations; i++)
        {
            PipelineRun run = await PipelineRun.EvaluateAsync(session, script, cancellation);
            Require(run.Lines >= FewestLines, $"{script} gave {run.Lines} lines");
            latencies.Add(run.Took.TotalMilliseconds);
        }

        return new Figures(0, Percentile.Of(latencies, 50), Percentile.Of(latencies, 99));
    }

    private static SystemCall GetPid(SysreqClient client) => client.Architecture.FindCall("getpid")!.Value;

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new CaseFailedException(otherwise);
        }
    }
}
