using Kuid.Jobd.Core.Storage;

namespace Kuid.Jobd.Core.Jobs;

/// <summary>Cancels several jobs together.</summary>
internal static class Cancellations
{
    /// <summary>
    /// Cancels jobs; completes when none of them can come back after a crash that had not started. Those that wait come first, or
    /// one would start where another makes room.
    /// </summary>
    /// <param name="detail">Why, beyond who wants it; null for nothing.</param>
    /// <param name="by">The principal who wants it; null for the daemon itself.</param>
    /// <returns>Those that this has ended, or has begun to.</returns>
    internal static async Task<IReadOnlyList<Job>> CancelAsync(JobService jobs, IEnumerable<long> ids, string? detail, string? by)
    {
        Job[] all = [.. ids.Select(jobs.Find).OfType<Job>()];
        Job[] canceled = [.. all.OrderBy(job => job.State is JobState.Running or JobState.Canceling)
            .Where(job => job.RequestEnd(JobReason.Canceled, detail, by))];
        await AreRecordedAsync(jobs.History, canceled);
        return canceled;
    }

    /// <summary>
    /// Completes when those of some cancelled jobs that had not started cannot come back after a crash: they lie on disk as jobs that
    /// are to run, and whoever is told that they are cancelled may rely on that.
    /// </summary>
    internal static async Task AreRecordedAsync(History history, IEnumerable<Job> canceled)
    {
        Job[] ended = [.. canceled.Where(job => job.IsDurable && job.Ended.IsCompleted)];
        if (ended.Length > 0)
        {
            await Task.WhenAll(ended.Select(job => job.HandedOver));
            await history.FlushAsync();
        }
    }
}
