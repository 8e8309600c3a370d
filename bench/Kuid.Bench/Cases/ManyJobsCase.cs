using System.Diagnostics;
using System.Globalization;
using Kuid.Bench.Daemons;
using Kuid.Bench.Load;
using Kuid.Bench.Reporting;
using Kuid.Bench.Sampling;
using Kuid.Bench.Statistics;
using Kuid.Jobd.Core.Jobs;

namespace Kuid.Bench.Cases;

/// <summary>What a job costs that only waits: thousands of them at once, in memory and threads. One round, for it takes its time.</summary>
internal sealed class ManyJobsCase : ICase
{
    private const int Jobs = 4000;

    // One for each connection, five for each job, and the daemon's own share.
    private const int OpenFiles = 32_768;

    // All connect at once, and of those that have not yet been heard a door keeps nine in ten of its places at most.
    private static readonly string[] Options = ["--sockproc-connections", "5000", "--http-connections", "100"];
    private const int WarmUp = 200;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    public string Name => "many";

    public string What => "4,000 `sleep 20` at once";

    public async Task<IReadOnlyList<Row>> MeasureAsync(Workbench bench, CancellationToken cancellation)
    {
        bool raised = await MayOpenAsync(OpenFiles, cancellation);
        await using KuidDaemon daemon = await KuidDaemon.StartAsync(
            bench, cancellation, new DaemonSetup { OpenFiles = raised ? OpenFiles : null, Options = Options });
        await SockprocDoor.Of(daemon, new CrlfLoad(daemon.Socket, 8, WarmUp, "true")).RunAsync(cancellation);
        await Task.Delay(Settling, cancellation);
        long idle = ProcessMemory.Of(daemon.Pid).Private;
        int threads = Wakeups.Threads(daemon.Pid);

        await using var memory = new Peak(Interval, () => ProcessMemory.Of(daemon.Pid).Private);
        await using var threadsMeanwhile = new Peak(Interval, () => Wakeups.Threads(daemon.Pid));
        var running = new Peak(Interval, () => daemon.Ledger.Count(JobState.Running));
        long start = Stopwatch.GetTimestamp();
        await using (running)
        {
            await new CrlfLoad(daemon.Socket, Jobs, Jobs, "sleep 20").RunAsync(cancellation);
        }

        bench.Note(string.Create(
            CultureInfo.InvariantCulture,
            $"{What}: all were answered after {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s, and {running.Highest:#,0} ran at the same time; the daemon had {threads} threads and {idle / 1e6:0.0} MB of its own before."));
        if (!raised)
        {
            bench.Note($"{What}: the limit on open files cannot be raised to {OpenFiles:#,0} here. Jobs for which there are none wait until others have ended.");
        }

        // Exactly so many, or the case has failed.
        await daemon.Ledger.ConfirmAsync(Jobs, JobState.Succeeded, cancellation);
        return
        [
            new Row($"{What}: answered", "jobs", new Series([Jobs])) { Goal = Goal.AtLeast(Jobs) },
            new Row($"{What}: most memory of the daemon's own above idle, per job", "KiB", new Series([(memory.Highest - idle) / 1024.0 / Jobs])) { Goal = Goal.AtMostOf(16) },
            new Row($"{What}: threads more than before", "threads", new Series([threadsMeanwhile.Highest - threads])) { Goal = Goal.AtMostOf(0) },
        ];
    }

    private static async Task<bool> MayOpenAsync(int files, CancellationToken cancellation)
    {
        try
        {
            await Tool.RunAsync([KuidDaemon.Prlimit, $"--nofile={files}:{files}", "true"], cancellation);
            return true;
        }
        catch (CaseFailedException)
        {
            return false;
        }
    }
}
