using Kuid.Jobd.Core.Jobs.Waiting;
using Kuid.Jobd.Core.Keeping;
using Kuid.Jobd.Core.Processes;
using Kuid.Jobd.Core.Storage;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Core.Jobs;

/// <summary>
/// What every job has in common, whatever it does: its start is on disk before it begins, its time is limited, somebody may want
/// it to end, and it has a result. What it does in between is its executor's.
/// </summary>
/// <remarks>
/// Everything that ends a job early (cancel, timeout, shutdown, too much output, input cut off) is one request with a
/// reason, and the first reason is the one that the result carries.
/// </remarks>
/// <param name="processes">Executes jobs that are a process.</param>
/// <param name="pipelines">Executes jobs that are a pipeline.</param>
/// <param name="callbacks">Executes jobs that are a callback.</param>
public sealed class JobRunner(
    IJobExecutor processes, IJobExecutor pipelines, IJobExecutor callbacks, History history, TimeProvider clock, ILogger<JobRunner> log)
{
    internal const string OwnFault = "a fault of the daemon; its log has the details";

    /// <summary>Executes calls of services whose door does not; null where there are no services.</summary>
    public IJobExecutor? Services { get; init; }

    /// <summary>Executes jobs that outlive the daemon; null where none does.</summary>
    public KeptExecutor? Survivors { get; init; }

    /// <summary>How long a job pauses between two attempts.</summary>
    public Backoff Backoff { get; init; } = Backoff.ByChance;

    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(500);

    /// <summary>Runs a job to its end, or to that of an attempt; a job that was cancelled before it could start is left as it is.</summary>
    public async Task RunAsync(Job job)
    {
        ArgumentNullException.ThrowIfNull(job);
        (KeptProcess? adopted, job.Adopted) = (job.Adopted, null);
        if (adopted is null && !job.TryStart())
        {
            return;
        }

        long startedTicks = clock.GetTimestamp();
        JobResult result;
        try
        {
            result = adopted is not null ? await AdoptAsync(job, adopted)
                : await MayStartAsync(job) ? await ExecuteAsync(job)
                : new JobResult { Reason = job.EndRequested.Result };
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

        if (job.Left.IsCompleted)
        {
            return;
        }

        DateTime now = clock.GetUtcNow().UtcDateTime;
        TimeSpan duration = adopted is null ? clock.GetElapsedTime(startedTicks) : AgeOf(job, now);
        if (history.KeepsLessOf(job))
        {
            // Whoever is about to follow a job that was quicker finds all that it wrote, for the end is what cuts it.
            await job.Output.ReadersHaveComeAsync(job.EndRequested);
        }

        job.End(
            result.FinishedAt == default ? result with { FinishedAt = now, Duration = duration } : result,
            nextAttempt: now + Backoff.After(job.Attempt, job.Spec.RetryBackoff));
        if (!job.Ended.IsCompleted)
        {
            // Nobody waits for this: after a crash an attempt that was not seen to end is one that failed.
            _ = history.SaveAsync(job);
        }
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

    private async Task<JobResult> AdoptAsync(Job job, KeptProcess process)
    {
        // What the daemon before has not counted, the clocks have.
        await using Deadline deadline = Deadline.For(job, clock, job.Snapshot().Process is { } started && process.IsOfThisBoot
            ? ProcessIdentities.AgeOf(started)
            : AgeOf(job, clock.GetUtcNow().UtcDateTime));
        return await Survivors!.AdoptAsync(job, process);
    }

    private static TimeSpan AgeOf(Job job, DateTime now) =>
        job.Snapshot().StartedAt is { } started && now > started ? now - started : TimeSpan.Zero;

    private async Task<JobResult> ExecuteAsync(Job job)
    {
        await using Deadline deadline = Deadline.For(job, clock);
        IJobExecutor executor = job.Spec switch
        {
            { Execution: { } own } => own,
            { Pipeline: not null } => pipelines,
            { Callback: not null } => callbacks,
            { Survives: true } when Survivors is not null => Survivors,
            { Kind: JobKind.Service } => Services ?? throw new InvalidOperationException("there are no services"),
            _ => processes,
        };
        return await executor.ExecuteAsync(job);
    }
}
