using System.Collections.Concurrent;
using Kuid.Jobd.Core.Output;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Core.Jobs;

/// <summary>
/// What every door does with jobs: submit, find, cancel, signal, wait, and at the end stop. A door gets the
/// <see cref="Job"/> it submitted and follows its output there.
/// </summary>
public sealed class JobService(Scheduler scheduler, SpoolSpace spool, TimeProvider clock, EndingPolicy ending, ILogger<JobService> log)
{
    private readonly ConcurrentDictionary<long, Job> _live = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lastId;
    private volatile bool _stopping;

    /// <summary>The jobs that are not over, by id.</summary>
    public IEnumerable<Job> Live => _live.Values;

    /// <summary>Takes a job in; it is queued, or started at once when it has no lane.</summary>
    /// <exception cref="ArgumentException">The specification asks for what cannot be; the message says what is allowed.</exception>
    /// <exception cref="DaemonStoppingException">The daemon takes no more.</exception>
    public Job Submit(JobSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        spec.Validate();
        var output = new OutputLog(spool, clock, spec.KeepOutput);
        var job = new Job(Interlocked.Increment(ref _lastId), spec, output, clock);
        _live[job.Id] = job;

        // Looked at after the job is in the list: a stop either sees the job there or is seen here.
        if (_stopping)
        {
            Forget(job);
            job.Dispose();
            throw new DaemonStoppingException();
        }

        _ = ForgetWhenEndedAsync(job);
        scheduler.Schedule(job);
        return job;
    }

    /// <summary>A job that is not over, by its id.</summary>
    public Job? Find(long id) => _live.GetValueOrDefault(id);

    /// <summary>Cancels a job: at once while it waits, by ending its process group while it runs.</summary>
    /// <returns>Whether there is such a job; asking again, or when it is being ended for another reason, changes nothing.</returns>
    public bool Cancel(long id)
    {
        Job? job = Find(id);
        job?.RequestEnd(JobReason.Canceled);
        return job is not null;
    }

    /// <summary>Signals a running job's process group.</summary>
    /// <returns>Whether a process got it.</returns>
    public bool Signal(long id, int signal) => Find(id)?.Signal(signal) ?? false;

    /// <summary>
    /// Takes no more jobs, lets those that run finish within the grace period, then ends them. Jobs that wait in a lane are
    /// ended at once.
    /// </summary>
    /// <param name="killAfter">How long jobs then have between SIGTERM and SIGKILL.</param>
    /// <returns>Completes when no job is left; one that cannot be killed (another user's, or stuck in the kernel) prevents it.</returns>
    public async Task StopAsync(TimeSpan killAfter)
    {
        _stopping = true;
        scheduler.Stop();
        foreach (Job job in Live.Where(job => job.State == JobState.Queued))
        {
            job.RequestEnd(JobReason.Shutdown);
        }

        CompleteIfIdle();
        await Task.WhenAny(_idle.Task, Task.Delay(ending.Grace, clock), ending.Hurried);

        foreach (Job job in Live)
        {
            job.RequestEnd(JobReason.Shutdown);
        }

        // Also for jobs that were being ended already, with a whole grace period of their own before them.
        await Task.WhenAny(_idle.Task, Task.Delay(killAfter, clock));
        ending.Hurry();
        await _idle.Task;
    }

    private async Task ForgetWhenEndedAsync(Job job)
    {
        JobResult result = await job.Ended;
        Log.Ended(
            log, job.Id, job.State, result.Reason, result.Status?.ToString() ?? result.Detail ?? "not started", job.Pid,
            (long)result.Duration.TotalMilliseconds, job.Output.Produced(OutputStream.Stdout), job.Output.Produced(OutputStream.Stderr),
            job.Spec.Origin, job.Spec.Principal);
        Forget(job);
    }

    private void Forget(Job job)
    {
        _live.TryRemove(job.Id, out _);
        CompleteIfIdle();
    }

    private void CompleteIfIdle()
    {
        if (_stopping && _live.IsEmpty)
        {
            _idle.TrySetResult();
        }
    }
}

/// <summary>A job that came when the daemon had begun to stop.</summary>
public sealed class DaemonStoppingException() : InvalidOperationException("the daemon is stopping and takes no more jobs");
