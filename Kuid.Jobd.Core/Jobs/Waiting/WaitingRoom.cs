using Kuid.Jobd.Core.Storage;

namespace Kuid.Jobd.Core.Jobs.Waiting;

/// <summary>
/// Leads jobs through what comes before their turn: other jobs, a time, the pause between two attempts; and ends those that
/// have waited for too long.
/// </summary>
/// <remarks>
/// Where a job stands is its state and its reason, and both are on disk with what it waits for: after a start it goes on from
/// there. Each stage hands the job to the next, which the job's own lock decides; a job that was cancelled, or left to the next
/// start, has no next stage.
/// </remarks>
internal sealed class WaitingRoom : IDisposable
{
    private readonly Scheduler _scheduler;
    private readonly History _history;
    private readonly TimeProvider _clock;
    private readonly Dependencies _dependencies;
    private readonly Alarms _alarms;

    /// <param name="find">The jobs in memory.</param>
    internal WaitingRoom(Scheduler scheduler, History history, Func<long, Job?> find, TimeProvider clock)
    {
        _scheduler = scheduler;
        _history = history;
        _clock = clock;
        _alarms = new Alarms(clock);
        _dependencies = new Dependencies(find, history.StatesAsync, Settle, clock);
    }

    /// <summary>How many jobs wait for others, and how many alarms are set.</summary>
    internal (int Dependent, int Alarms) Held => (_dependencies.Count, _alarms.Count);

    /// <summary>Takes in a job that has not started.</summary>
    internal void Enter(Job job)
    {
        if (job.ExpiresAt is { } expiry)
        {
            _alarms.Set(job.Id, AlarmKind.Expiry, expiry, () => job.RequestEnd(JobReason.Expired));
        }

        Proceed(job);
    }

    /// <summary>Goes on with a job from where it stands.</summary>
    internal void Proceed(Job job)
    {
        switch (job.Standing)
        {
            case (JobState.Queued, _, _):
                _scheduler.Schedule(job);
                break;
            case (JobState.Scheduled, JobReason.Dependency, _):
                _dependencies.Add(job);
                break;
            case (JobState.Scheduled, _, var due):
                _alarms.Set(job.Id, AlarmKind.Due, due ?? DateTime.MinValue, () => Advance(job));
                break;
        }

        // Looked at after everything is set: its end either finds that or is seen here.
        if (job.IsGone)
        {
            Leave(job);
        }
    }

    /// <summary>Looks at a job anew whose time may have changed.</summary>
    internal void Reconsider(Job job)
    {
        if (job.Standing is (JobState.Scheduled, JobReason.Time or JobReason.Retry, _))
        {
            Proceed(job);
        }
    }

    /// <summary>Forgets a job that is over, or left to the next start.</summary>
    internal void Leave(Job job)
    {
        _alarms.Remove(job.Id);
        _dependencies.Remove(job);
        _scheduler.Withdraw(job);
    }

    /// <summary>Tells those who wait for a job that it is over.</summary>
    internal void Ended(Job job) => _dependencies.Ended(job.Id, job.State);

    public void Dispose() => _alarms.Dispose();

    private void Settle(Job job, string? fault)
    {
        if (fault is null)
        {
            Advance(job);
        }
        else
        {
            job.RequestEnd(JobReason.Dependency, fault);
        }
    }

    private void Advance(Job job)
    {
        if (job.TryAdvance())
        {
            // Nobody waits for this: lists look for states in the history.
            _ = _history.SaveAsync(job);
            Proceed(job);
        }
    }
}
