namespace Kuid.Jobd.Core.Jobs;

/// <summary>
/// A client that waits for a job, or follows it, from here to <see cref="Dispose"/>. When the last one has gone away before the end, a
/// job that was submitted so is cancelled.
/// </summary>
public sealed class Attendance : IDisposable
{
    private readonly JobService _jobs;
    private readonly Job _job;
    private readonly CancellationToken _gone;

    private Attendance(JobService jobs, Job job, CancellationToken gone)
    {
        (_jobs, _job, _gone) = (jobs, job, gone);
        Interlocked.Increment(ref job.Attending);
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
            ? new Attendance(jobs, job, gone)
            : null;
    }

    /// <summary>
    /// Ends the waiting: because the client has its answer, or has gone. A daemon that stops ends the answers itself, which is not the
    /// client's doing.
    /// </summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _job.Attending) == 0 && _gone.IsCancellationRequested && !_jobs.IsStopping)
        {
            _job.RequestEnd(JobReason.Canceled, "the client that waited for it went away", by: _job.Spec.Principal);
        }
    }
}
