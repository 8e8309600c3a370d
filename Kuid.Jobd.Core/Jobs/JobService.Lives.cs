using Kuid.Jobd.Core.Callbacks;
using Kuid.Jobd.Core.Output;
using Kuid.Jobd.Core.Storage;

namespace Kuid.Jobd.Core.Jobs;

/// <summary>The life of a job in memory, from where it is taken up to where the history has its end; and the stop, which ends all.</summary>
public sealed partial class JobService
{
    private static readonly TimeSpan FollowerPatience = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Takes no more jobs, lets those that run finish within the grace period, then ends them. Of those that wait, the ones on
    /// disk are left to the next start and the others ended.
    /// </summary>
    /// <param name="killAfter">How long jobs then have between SIGTERM and SIGKILL.</param>
    /// <returns>Completes when no job is left; one that cannot be killed (another user's, or stuck in the kernel) prevents it.</returns>
    public async Task StopAsync(TimeSpan killAfter)
    {
        await _stopping.CancelAsync();
        foreach (Job job in Live)
        {
            if (job.TryLeave())
            {
                _ = ForgetWhenLeftAsync(job);
            }
            else if (job.IsDurable)
            {
                Park(job);
            }
            else if (job.State is JobState.Queued or JobState.Scheduled)
            {
                job.RequestEnd(JobReason.Shutdown);
            }
        }

        _backlogs.Close();
        await Task.WhenAny(_backlogs.Idle, Task.Delay(_ending.Grace, _clock), _ending.Hurried);

        foreach (Job job in Live)
        {
            // One that waits for its next attempt by now is left to the next start where its attempt is given up.
            job.RequestEnd(JobReason.Shutdown);
        }

        // Also for jobs that were being ended already, with a whole grace period of their own before them.
        await Task.WhenAny(_backlogs.Idle, Task.Delay(killAfter, _clock));
        _ending.Hurry();
        await _backlogs.Idle;
        _waiting.Dispose();
    }

    /// <summary>Takes up a job that a daemon before this one has accepted.</summary>
    internal void Restore(JobRecord record, JobSpec spec)
    {
        _keys.Note(record.Id, spec);
        Resume(record, spec);
    }

    /// <summary>Takes up a job that runs, which a daemon before this one has started; before those that wait.</summary>
    internal void Adopt(JobRecord record, JobSpec spec, Keeping.KeptProcess process)
    {
        _keys.Note(record.Id, spec);
        spec = WithStoredInput(record, spec);
        var job = new Job(record, spec, NewOutput(spec), _clock) { IsDurable = true, Changes = Changes, Adopted = process };
        Keepers?.Replay(job.Id, job.Attempt, job.Output);
        job.ResumeEnding();
        Enlist(job);
        _ = _keys.Enter(job.Id, spec);
        _scheduler.Adopt(job);
    }

    /// <summary>Records the end of a job, and has it posted where somebody wants that, by a job of its own.</summary>
    /// <param name="isReported">Whether that job is there already.</param>
    /// <remarks>
    /// The history is given the callback before the end that it reports: a daemon that is killed in between finds the callback, and
    /// reports the other one as lost. And it starts after that end is given: what it posts it reads from the history.
    /// </remarks>
    internal Task<bool> RecordEndAsync(Job job, bool isReported = false)
    {
        Job? callback = isReported ? null : CallbackOf(job.Snapshot());
        if (callback is not null)
        {
            _ = History.SaveAsync(callback);
        }

        Task<bool> saving = History.SaveEndAsync(job);
        if (callback is not null)
        {
            TakeUp(callback);
        }

        return saving;
    }

    private Job? CallbackOf(JobRecord ended)
    {
        if (!CallbackSpec.IsWanted(ended))
        {
            return null;
        }

        JobSpec spec = CallbackSpec.JobFor(ended, CallbackBackoff);
        JobRecord record = spec.ToRecord(History.NextId(), _clock.GetUtcNow().UtcDateTime);
        return new Job(record, spec, NewOutput(spec), _clock) { IsDurable = true, Changes = Changes };
    }

    /// <summary>Takes up a job that is on disk.</summary>
    private void Resume(JobRecord record, JobSpec spec)
    {
        spec = WithStoredInput(record, spec);
        var job = new Job(record, spec, NewOutput(spec), _clock) { IsDurable = true, Changes = Changes };
        if (spec.Survives && record.StartedAt is not null)
        {
            Keepers?.Replay(record.Id, record.Attempt + 1, job.Output);
        }

        TakeUp(job);
    }

    private void TakeUp(Job job)
    {
        Enlist(job);
        if (IsStopping)
        {
            Park(job);
            return;
        }

        if (job.Spec.IsFollowed)
        {
            _ = ExpectReadersAsync(job);
        }

        Enter(job);
    }

    private JobSpec WithStoredInput(JobRecord record, JobSpec spec) => record.StdinMode == StdinMode.Inline
        ? spec with { Stdin = new StoredInput(() => History.ReadStdinAsync(record.Id), record.StdinBytes) }
        : spec;

    /// <summary>Lets a job of which everybody can know begin to wait, for whatever it has to wait for.</summary>
    private void Enter(Job job)
    {
        job.Spec.Batch?.Enter(job);
        foreach ((long other, long by) in _keys.Enter(job.Id, job.Spec))
        {
            Find(other)?.RequestEnd(JobReason.Canceled, $"job {by}, which has its key, replaces it", by: Find(by)?.Spec.Principal);
        }

        _waiting.Enter(job);
    }

    // Whoever said that he follows and does not come holds up nobody for ever.
    private async Task ExpectReadersAsync(Job job)
    {
        using AttachedReader expected = job.Output.ExpectReaders();

        // Asked for before the state is looked at: a start in between is seen, and the patience begins with it.
        for (Task changed = job.Changed(); job.State is JobState.Scheduled or JobState.Queued; changed = job.Changed())
        {
            await changed;
        }

        await ((Task)job.Ended).WaitAsync(FollowerPatience, _clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private OutputLog NewOutput(JobSpec spec) => new(
        _spool, _clock, spec.KeepOutput is { } keep ? Math.Max(keep, OutputLog.LeastWhileRunning) : null);

    // After an attempt that failed: to its next one, or to the next start.
    private void WaitAgain(Job job)
    {
        if (!IsStopping)
        {
            _waiting.Proceed(job);
        }
        else if (job.IsDurable)
        {
            Park(job);
        }
        else
        {
            job.RequestEnd(JobReason.Shutdown);
        }
    }

    // One that ran has been looked at before its place was free; one that never started is only here.
    private void StopBatchOf(Job job)
    {
        if (job.Spec.Batch is { } batch && batch.Ended(job))
        {
            _ = History.NoteStoppedAsync(batch.Id);
        }
    }

    private void Enlist(Job job)
    {
        _backlogs.Add(job);

        // Before anybody can find and change it: its first state is the first that is told.
        if (Changes.HasSubscribers)
        {
            Changes.Publish(job.Snapshot());
        }

        _live[job.Id] = job;
        _ = RecordWhenEndedAsync(job);
    }

    private async Task RecordWhenEndedAsync(Job job)
    {
        JobResult result = await job.Told;
        if (!job.Output.IsInMemory)
        {
            // Its files are given names, copied in part and closed, for which nobody waits on the reactor.
            await Task.Yield();
        }

        StopBatchOf(job);
        Log.Ended(
            _log, job.Id, job.State, result.Reason, result.Status?.ToString() ?? result.Detail ?? "not started", job.Pid,
            (long)result.Duration.TotalMilliseconds, job.Output.Produced(OutputStream.Stdout), job.Output.Produced(OutputStream.Stderr),
            job.Spec.Origin, job.Spec.Principal);
        Task<bool> saving = RecordEndAsync(job);

        // Not before: a daemon that stops waits for this, and then closes the history.
        Finished(job);
        job.HandOver();

        // A history that takes nothing keeps its jobs here, and thousands of them must not hold as many descriptors.
        job.ReleaseOutput();
        if (await saving && job.Spec.Survives)
        {
            RemoveRecordLogs(job);
        }

        job.IsRecorded = true;
        _waiting.Ended(job);
        Forget(job);
    }

    // Not before its end is in the history: until then they are all that is known of it.
    private void RemoveRecordLogs(Job job)
    {
        try
        {
            Keepers?.Remove(job.Id, job.Attempt);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.RecordLogNotRemoved(_log, job.Id, e.Message);
        }
    }

    private async Task ForgetWhenLeftAsync(Job job)
    {
        await job.Left;
        Log.LeftRunning(_log, job.Id, job.Pid);
        Forget(job);
        Finished(job);
    }

    /// <summary>Lets go of a job that the history has.</summary>
    private void Forget(Job job)
    {
        _live.TryRemove(job.Id, out _);
        job.ReleaseOutput();
    }

    /// <summary>Leaves a job that waits to the next start.</summary>
    private void Park(Job job)
    {
        if (job.TryPark())
        {
            // Whoever sends it input is not to wait for a job that does not start here.
            job.Spec.Stdin.Abandon();
            Forget(job);
            Finished(job);
        }
    }

    private void Finished(Job job)
    {
        _waiting.Leave(job);
        _keys.Release(job.Id, job.Spec);
        _backlogs.Remove(job);
    }
}
