using Kuid.Jobd.Core.Output;
using Kuid.Jobd.Core.Processes;
using Kuid.Jobd.Core.Storage;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Core.Jobs;

/// <summary>
/// The life of one job's process, in one method to be read from top to bottom: started, fed and read, ended if somebody
/// wants it to, waited for, reaped, judged.
/// </summary>
/// <remarks>
/// <para>
/// Three things end separately: the process (its pidfd), its output (end of file on both pipes, which descendants may hold
/// open long after it), and its input (which it may never read). Waiting for one of them in place of another is how such
/// programs hang, so each is a task of its own and the method only combines them.
/// </para>
/// <para>
/// Everything that ends a job early (cancel, timeout, shutdown, too much output, input cut off) is one request with a
/// reason, and the first reason is the one that the result carries.
/// </para>
/// </remarks>
public sealed class JobRunner(Spawner spawner, History history, TimeProvider clock, EndingPolicy ending, ILogger<JobRunner> log)
{
    private const string OwnFault = "a fault of the daemon; its log has the details";

    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan ReapPause = TimeSpan.FromMilliseconds(50);

    // After SIGKILL only a process outside the group can hold the pipes, and it is not waited for.
    private static readonly TimeSpan DrainAfterKill = TimeSpan.FromSeconds(1);

    /// <summary>Runs a job to its end; a job that was cancelled before it could start is left as it is.</summary>
    public async Task RunAsync(Job job)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (!job.TryStart())
        {
            return;
        }

        long startedTicks = clock.GetTimestamp();
        JobResult result;
        try
        {
            result = await MayStartAsync(job)
                ? await ExecuteAsync(job)
                : new JobResult { Reason = job.EndRequested.Result };
        }
        catch (SpawnException e)
        {
            result = new JobResult { Reason = JobReason.Spawn, Detail = e.Message };
        }
        catch (StoreException e)
        {
            // The input that was submitted with it cannot be read: running it on none would be another job.
            result = new JobResult { Reason = JobReason.Stdin, Detail = e.Message };
        }
        catch (Exception e)
        {
            Log.RunnerFailed(log, e, job.Id);
            result = new JobResult { Reason = JobReason.Spawn, Detail = OwnFault };
        }

        job.End(result with
        {
            FinishedAt = clock.GetUtcNow().UtcDateTime,
            Duration = clock.GetElapsedTime(startedTicks),
        });
    }

    /// <summary>
    /// A job that is on disk starts when its start is on disk too: after a crash it is not run again. While the disk refuses it
    /// waits here, for as long as nobody ends it.
    /// </summary>
    private async Task<bool> MayStartAsync(Job job)
    {
        if (!job.IsDurable)
        {
            return true;
        }

        await PrepareInputAsync(job);
        Task<bool> recorded = history.SaveAsync(job, durable: true);
        await Task.WhenAny(recorded, job.EndRequested);
        if (recorded.IsCompleted && !await recorded)
        {
            job.RequestEnd(JobReason.Spawn, "its start could not be recorded");
        }

        return !job.EndRequested.IsCompleted;
    }

    // A history that somebody has locked is waited for here too.
    private async Task PrepareInputAsync(Job job)
    {
        while (!job.EndRequested.IsCompleted)
        {
            try
            {
                await job.Spec.Stdin.PrepareAsync();
                return;
            }
            catch (StoreException e) when (e.Fault == StoreFault.Locked)
            {
                await Task.WhenAny(Task.Delay(LockPause, clock), job.EndRequested);
            }
        }
    }

    private async Task<JobResult> ExecuteAsync(Job job)
    {
        using ChildProcess child = await spawner.SpawnAsync(job.Spec.Process);
        using var pumping = new CancellationTokenSource();
        try
        {
            return await LiveAsync(job, child, pumping);
        }
        catch (Exception e)
        {
            // A fault of the daemon's leaves no process behind that nobody waits for.
            Log.RunnerFailed(log, e, job.Id);
            await pumping.CancelAsync();
            child.SignalGroup(SignalNames.SIGKILL);
            await child.Exited;
            return await ReapAsync(child) with { Detail = OwnFault, OutputIncomplete = true };
        }
    }

    private async Task<JobResult> LiveAsync(Job job, ChildProcess child, CancellationTokenSource pumping)
    {
        job.HasProcess(child);
        _ = history.SaveAsync(job);
        using Deadline deadline = Deadline.For(job, clock);

        Task input = InputPump.RunAsync(job, child.Stdin, pumping.Token);
        Task<bool[]> output = Task.WhenAll(
            OutputPump.RunAsync(job, child.Stdout, OutputStream.Stdout, pumping.Token),
            OutputPump.RunAsync(job, child.Stderr, OutputStream.Stderr, pumping.Token));
        Task over = Task.WhenAll(child.Exited, output);

        Task patience = job.Spec.Drain is { } drain ? DrainElapsedAsync(child.Exited, drain, pumping.Token) : over;
        await Task.WhenAny(over, job.EndRequested, patience);
        if (!over.IsCompleted && job.EndRequested.IsCompleted)
        {
            await EndGroupAsync(job, child, over);
        }

        await pumping.CancelAsync();
        await input;
        bool[] ended = await output;
        return await ReapAsync(child) with { OutputIncomplete = !ended.All(end => end) };
    }

    private async Task<JobResult> ReapAsync(ChildProcess child)
    {
        // An exited process that is traced is its tracer's to collect first, and nothing tells when that has happened.
        (WaitStatus Status, ResourceUsage Usage)? exit;
        while ((exit = child.TryReap()) is null)
        {
            await Task.Delay(ReapPause, clock);
        }

        (WaitStatus status, ResourceUsage usage) = exit.Value;
        return new JobResult
        {
            Reason = status.Signal is null ? JobReason.Exit : JobReason.Signal,
            Status = status,
            Usage = usage,
        };
    }

    /// <summary>
    /// TERM, CONT (a stopped process would never see the TERM), time to comply, then KILL, each to the whole group. The
    /// leader is not reaped before, so the group's number is still its own.
    /// </summary>
    private async Task EndGroupAsync(Job job, ChildProcess child, Task over)
    {
        Log.Ending(log, job.Id, job.EndRequested.Result);
        if (job.State == JobState.Canceling)
        {
            // It may take its time, and lists look for states in the history.
            _ = history.SaveAsync(job);
        }

        if (!child.SignalGroup(SignalNames.SIGTERM))
        {
            Log.CannotSignal(log, job.Id, child.Pid);
        }

        child.SignalGroup(SignalNames.SIGCONT);
        if (job.EndRequested.Result == JobReason.Stdin)
        {
            // Its pump has left it open for this moment.
            child.Stdin.Dispose();
        }

        // At a stop all jobs have the same time, and the service says when it is over.
        Task grace = job.EndRequested.Result == JobReason.Shutdown
            ? ending.Hurried
            : Task.Delay(job.Spec.Grace ?? ending.Grace, clock);
        await Task.WhenAny(over, grace, ending.Hurried);
        child.SignalGroup(SignalNames.SIGKILL);

        // A process that cannot be killed is waited for: until it ends, the job has not.
        await child.Exited;
        await Task.WhenAny(over, Task.Delay(DrainAfterKill, clock));
    }

    private async Task DrainElapsedAsync(Task exited, TimeSpan drain, CancellationToken cancellation)
    {
        await exited;
        await Task.Delay(drain, clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
