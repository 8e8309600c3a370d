using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Storage;

namespace Kuid.Jobd.Core.Batches;

/// <summary>Jobs that were submitted together: where they are, waiting for them, cancelling them.</summary>
public sealed class BatchService(JobService jobs)
{
    /// <summary>How many jobs a batch has at most.</summary>
    public const int MostJobs = 1000;

    /// <summary>A batch, with the ids of its jobs; null when there is none, or none of its jobs any more.</summary>
    /// <exception cref="StoreException">The history cannot be read.</exception>
    public async Task<BatchStatus?> GetAsync(long id) =>
        await jobs.History.FindBatchAsync(id) is { } batch ? StatusOf(batch, await JobsOfAsync(id)) : null;

    /// <summary>A page of batches, the newest first, without the ids of their jobs.</summary>
    /// <param name="before">Only those with a smaller id; null for all.</param>
    /// <exception cref="StoreException">The history cannot be read.</exception>
    public Task<BatchPage> ListAsync(long? before, int limit) => jobs.History.ListBatchesAsync(before, limit);

    /// <summary>Waits until all jobs of a batch are over, or the time is, or the daemon stops.</summary>
    /// <returns>The batch as it then is; null when there is none.</returns>
    public async Task<BatchStatus?> WaitAsync(long id, TimeSpan wait, CancellationToken cancellation)
    {
        long start = jobs.Clock.GetTimestamp();
        foreach (BatchJob job in (await JobsOfAsync(id)).Where(job => !JobTransitions.IsTerminal(job.State)))
        {
            TimeSpan left = wait - jobs.Clock.GetElapsedTime(start);
            if (left <= TimeSpan.Zero || await jobs.WaitAsync(job.Id, unlessVersion: null, left, cancellation) is { HasEnded: false })
            {
                break;
            }
        }

        return await GetAsync(id);
    }

    /// <summary>Cancels every job of a batch that is not over.</summary>
    /// <param name="by">The principal who wants it.</param>
    /// <returns>The batch afterwards; null when there is none.</returns>
    public async Task<BatchStatus?> CancelAsync(long id, string by)
    {
        IReadOnlyList<BatchJob> all = await JobsOfAsync(id);
        if (all.Any(job => !JobTransitions.IsTerminal(job.State)))
        {
            await jobs.History.NoteStoppedAsync(id);
            await Cancellations.CancelAsync(jobs, all.Select(job => job.Id), detail: null, by);
        }

        return await GetAsync(id);
    }

    /// <summary>The jobs as they are now, which the rows of those that are not over may not say yet.</summary>
    /// <remarks>
    /// A job leaves the memory when its end is on disk. So one that is not in memory and whose row, read before that was looked at, is
    /// not over, has ended in between, and the row says so now; or it waits for the next start of the daemon.
    /// </remarks>
    private async Task<IReadOnlyList<BatchJob>> JobsOfAsync(long id)
    {
        IReadOnlyList<BatchJob> rows = await jobs.History.JobsOfBatchAsync(id);
        BatchJob[] now = [.. rows.Select(Newer)];
        if (!now.Any(job => !JobTransitions.IsTerminal(job.State) && jobs.Find(job.Id) is null))
        {
            return now;
        }

        rows = await jobs.History.JobsOfBatchAsync(id);
        return [.. rows.Select(Newer)];
    }

    private BatchJob Newer(BatchJob row) => jobs.Find(row.Id)?.Snapshot() is { } job ? new BatchJob(job.Id, job.State, job.FinishedAt) : row;

    private static BatchStatus? StatusOf(BatchRecord batch, IReadOnlyList<BatchJob> all) => all.Count == 0 ? null : new BatchStatus(
        batch,
        all.CountBy(job => job.State).ToDictionary(),
        all.Max(job => job.FinishedAt))
    {
        Ids = [.. all.Select(job => job.Id)],
    };
}
