namespace Kuid.Jobd.Core.Jobs;

/// <summary>
/// A client that waits for a job, or follows it. When the last one goes away before the end, a job that was submitted so is
/// cancelled. Disposing ends the waiting without that: the client has its answer.
/// </summary>
public sealed class Attendance : IDisposable
{
    private readonly Job _job;
    private readonly CancellationTokenRegistration _gone;
    private bool _over;

    private Attendance(Job job, CancellationToken gone)
    {
        _job = job;
        Interlocked.Increment(ref job.Attending);
        _gone = gone.UnsafeRegister(static attendance => ((Attendance)attendance!).GoAway(), this);
    }

    /// <summary>Begins to wait.</summary>
    /// <param name="jobs">Where the job is.</param>
    /// <param name="principal">Who waits. Whoever did not submit the job may look on and leave, and nothing comes of it.</param>
    /// <param name="gone">Is cancelled when the client goes away.</param>
    /// <returns>Null where nothing would come of going away.</returns>
    public static Attendance? Of(JobService jobs, long id, string principal, CancellationToken gone)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        return jobs.Find(id) is { Ended.IsCompleted: false } job && job.Spec.Disconnect == DisconnectPolicy.Cancel && job.Spec.Principal == principal
            ? new Attendance(job, gone)
            : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _gone.Dispose();
        Leave();
    }

    private void GoAway()
    {
        if (Leave() == 0)
        {
            _job.RequestEnd(JobReason.Canceled, "the client that waited for it went away", by: _job.Spec.Principal);
        }
    }

    /// <returns>How many still wait; null when this one had left before.</returns>
    private int? Leave() => Interlocked.Exchange(ref _over, true) ? null : Interlocked.Decrement(ref _job.Attending);
}
