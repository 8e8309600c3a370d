using System.Diagnostics;
using Kuid.Bench.Daemons;
using Kuid.Bench.Reporting;
using Kuid.Bench.Statistics;

namespace Kuid.Bench.Cases;

/// <summary>How long a start takes, with a fresh data folder: from exec to the first reply, and to the word that it is ready.</summary>
internal sealed class StartCase : ICase
{
    private const int FewestStarts = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public string Name => "start";

    public string What => "start";

    public async Task<IReadOnlyList<Row>> MeasureAsync(Workbench bench, CancellationToken cancellation)
    {
        var replies = new List<double>();
        var words = new List<double>();
        int starts = Math.Max(FewestStarts, bench.Options.Rounds);
        for (int start = 0; start <= starts; start++)
        {
            (double reply, double word) = await StartAsync(bench, cancellation);
            if (start > 0)
            {
                replies.Add(reply);
                words.Add(word);
            }
        }

        return
        [
            new Row($"{What}, from exec to the first reply, {starts} times", "ms", new Series(replies)) { Goal = Goal.AtMostOf(400) },
            new Row($"{What}, from exec to READY=1", "ms", new Series(words)) { Goal = Goal.AtMostOf(400) },
        ];
    }

    private static async Task<(double Reply, double Word)> StartAsync(Workbench bench, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        using var supervisor = new ReadinessSocket(bench.Scratch.NewPath("notify"));
        long begin = Stopwatch.GetTimestamp();
        await using KuidDaemon daemon = KuidDaemon.Launch(bench, new DaemonSetup { Environment = supervisor.Environment });
        try
        {
            Task<double> word = AfterAsync(supervisor.WaitAsync(patience.Token), begin);
            double reply = await AfterAsync(ReplyAsync(daemon.Socket, patience.Token), begin);
            return (reply, await word);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CaseFailedException($"the daemon was not ready after {Patience.TotalSeconds} seconds");
        }
    }

    private static async Task ReplyAsync(string socket, CancellationToken cancellation)
    {
        while (!await SockprocProbe.AnswersAsync(socket, cancellation))
        {
            await Task.Delay(Pause, cancellation);
        }
    }

    private static async Task<double> AfterAsync(Task task, long begin)
    {
        await task;
        return Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
    }
}
