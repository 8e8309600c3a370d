using Kuid.Jobd.Core.Storage;

namespace Kuid.Jobd.Core.Jobs;

/// <summary>What is done to a job that is there: cancel, signal, change, repeat, delete.</summary>
public sealed partial class JobService
{
    /// <summary>Cancels a job: at once while it waits, by ending it and all that it has started while it runs.</summary>
    /// <param name="by">The principal who wants it.</param>
    /// <returns>The job afterwards; null when there is none. Asking again, or when it is over, changes nothing.</returns>
    public async Task<JobRecord?> CancelAsync(long id, string by)
    {
        await Cancellations.CancelAsync(this, [id], detail: null, by);
        return await GetAsync(id);
    }

    /// <summary>Changes a job that waits. When this completes, the change is on disk, or will be when the history takes something.</summary>
    /// <param name="expectedVersion">The version that it has to have; null for any.</param>
    /// <exception cref="QueueDrainingException">The queue that it is to wait in takes no jobs.</exception>
    public async Task<UpdateOutcome> UpdateAsync(long id, JobUpdate update, long? expectedVersion = null)
    {
        ArgumentNullException.ThrowIfNull(update);
        if (Find(id) is not { } job)
        {
            return await GetAsync(id) is null ? UpdateOutcome.NoSuchJob : UpdateOutcome.NotQueued;
        }

        if (update.Queue != job.Spec.Queue)
        {
            Queues.ThrowIfDraining(update.Queue);
        }

        UpdateOutcome outcome = _scheduler.Change(job, () => job.TryUpdate(update, expectedVersion));
        if (outcome == UpdateOutcome.Updated)
        {
            _waiting.Reconsider(job);
            _ = History.SaveAsync(job, durable: true);
            await History.FlushAsync();
        }

        return outcome;
    }

    /// <summary>Takes a job that does the same as another one, now: without its times and the jobs that it came after.</summary>
    /// <param name="by">The principal who wants it.</param>
    /// <returns>Null when there is no such job.</returns>
    /// <exception cref="InputGoneException">The input that it had is not kept any more.</exception>
    /// <exception cref="StoreException">The history cannot be read or written.</exception>
    public async Task<Acceptance?> RerunAsync(long id, string by)
    {
        if (await GetAsync(id) is not { } job)
        {
            return null;
        }

        if (job.PassedThrough)
        {
            throw new InputGoneException($"job {id} ran on descriptors of its client's, which are gone");
        }

        byte[] stdin = job.StdinMode == StdinMode.Inline ? await History.ReadStdinAsync(id) : [];
        if (job.StdinMode == StdinMode.Inline && stdin.Length != job.StdinBytes)
        {
            throw new InputGoneException($"the stdin of job {id} was erased when it started");
        }

        return await AcceptAsync(JobSpec.Of(job, job.StdinMode == StdinMode.Stream ? new StreamedInput() : JobInput.FromBytes(stdin)) with
        {
            Origin = JobOrigin.Http,
            Principal = by,
            Queue = job.Queue ?? Scheduler.DefaultQueue,
            NotBefore = null,
            After = [],
            ParentId = job.Kind == JobKind.Callback ? job.ParentId : id,
            BatchId = null,
            Schedule = null,
        });
    }

    /// <summary>Signals a running job's process group.</summary>
    public async Task<SignalOutcome> SignalAsync(long id, int signal) =>
        Find(id) is { } job && job.Signal(signal) ? SignalOutcome.Sent
        : await GetAsync(id) is null ? SignalOutcome.NoSuchJob
        : SignalOutcome.NotRunning;

    /// <summary>Removes a job that is over from the history, with its output.</summary>
    /// <exception cref="StoreException">The history cannot be written.</exception>
    public async Task<DeleteOutcome> DeleteAsync(long id)
    {
        if (Find(id) is { } job)
        {
            if (!job.Ended.IsCompleted)
            {
                return DeleteOutcome.NotEnded;
            }

            // Its end is written before its removal, or it would come back.
            await job.HandedOver;
            await History.FlushAsync();
        }

        bool deleted = await History.DeleteAsync(id);
        if (deleted && Find(id) is { } gone)
        {
            Forget(gone);
        }

        return deleted ? DeleteOutcome.Deleted
            : await GetAsync(id) is null ? DeleteOutcome.NoSuchJob
            : DeleteOutcome.NotEnded;
    }

    /// <summary>Cancels jobs together; completes when none that had not started can come back after a crash.</summary>
    /// <param name="by">The principal who wants it.</param>
    public Task CancelAllAsync(IEnumerable<long> ids, string by) => Cancellations.CancelAsync(this, ids, detail: null, by);

    /// <summary>Removes those of some jobs that are over, with their output, in one transaction.</summary>
    /// <returns>Those that were removed.</returns>
    /// <exception cref="StoreException">The history cannot be written.</exception>
    public async Task<IReadOnlyList<long>> DeleteAllAsync(IReadOnlyList<long> ids)
    {
        Job[] live = [.. ids.Select(Find).OfType<Job>()];
        Job[] ended = [.. live.Where(job => job.Ended.IsCompleted)];
        if (ended.Length > 0)
        {
            // Their ends are written before their removal, or they would come back.
            await Task.WhenAll(ended.Select(job => job.HandedOver));
            await History.FlushAsync();
        }

        IReadOnlyList<long> removed = await History.DeleteAllAsync([.. ids.Except(live.Except(ended).Select(job => job.Id))]);
        foreach (Job job in removed.Select(Find).OfType<Job>())
        {
            Forget(job);
        }

        return removed;
    }
}
