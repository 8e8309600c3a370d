using Kuid.Jobd.Core.Batches;
using Kuid.Jobd.Core.Jobs.Waiting;
using Kuid.Jobd.Core.Queues;
using Kuid.Jobd.Core.Storage;

namespace Kuid.Jobd.Core.Jobs;

/// <summary>
/// The way of a submission into the daemon: whether it came before, whether there is room for it, its queue takes jobs and its
/// concurrency keys are free; and then to the disk. What is there is accepted, whatever happens next.
/// </summary>
/// <param name="find">A job, wherever it is.</param>
/// <param name="admit">Takes up a job that is on disk.</param>
/// <param name="isStopping">Whether nothing more is taken.</param>
internal sealed class Admission(
    History history, Backlog backlog, KeyClaims keys, JobQueues queues, TimeProvider clock,
    Func<long, Task<JobRecord?>> find, Action<JobRecord, JobSpec> admit, Func<bool> isStopping)
{
    private readonly Lock _claiming = new();

    internal async Task<Acceptance> AcceptAsync(JobSpec spec, IdempotencyKey? key)
    {
        GroupAcceptance accepted = await AcceptAsync([spec], batch: null, key, firstId: null, async records =>
            new GroupOutcome(await history.AddAsync(new Addition(records[0], spec.Stdin.Bytes, key)), Batch: null));
        return new Acceptance(accepted.Jobs[0], accepted.Kind);
    }

    internal Task<GroupAcceptance> AcceptAllAsync(IReadOnlyList<JobSpec> specs, BatchRecord? batch, IdempotencyKey? key, long? firstId) =>
        AcceptAsync(specs, batch, key, firstId, records => history.AddAllAsync(
            new JobGroup([.. specs.Select((spec, i) => new Addition(records[i], spec.Stdin.Bytes))], batch, key)));

    /// <param name="add">Asks the history to add the records, before its first wait.</param>
    private async Task<GroupAcceptance> AcceptAsync(
        IReadOnlyList<JobSpec> specs, BatchRecord? batch, IdempotencyKey? key, long? firstId, Func<JobRecord[], Task<GroupOutcome>> add)
    {
        foreach (JobSpec spec in specs)
        {
            spec.Validate();
        }

        if (await FindReplayAsync(key) is { } replay)
        {
            return replay;
        }

        ThrowIfRefused(specs);
        long first = firstId ?? history.NextIds(specs.Count);
        DateTime now = clock.GetUtcNow().UtcDateTime;
        JobRecord[] records = [.. specs.Select((spec, i) => spec.ToRecord(first + i, now))];
        Task<GroupOutcome> adding;
        try
        {
            // Under one lock, so that whoever finds a key claimed finds the addition under way that claims it.
            lock (_claiming)
            {
                Claim(records, specs);
                adding = add(records);
            }
        }
        catch (KeyTakenException taken) when (key is not null)
        {
            // It may be this very submission that holds the key, sent twice at once.
            await history.FlushAsync();
            return await FindReplayAsync(key) ?? throw new KeyTakenException(taken.Key, taken.Job);
        }

        return await AdmitAsync(records, specs, batch, key, adding);
    }

    private async Task<GroupAcceptance> AdmitAsync(
        JobRecord[] records, IReadOnlyList<JobSpec> specs, BatchRecord? batch, IdempotencyKey? key, Task<GroupOutcome> adding)
    {
        GroupOutcome outcome = default;
        try
        {
            outcome = await adding;
        }
        finally
        {
            if (!adding.IsCompletedSuccessfully || !outcome.First.IsNew)
            {
                Release(records, specs);
            }
        }

        if (!outcome.First.IsNew)
        {
            return await ReplayAsync(outcome.First.Job, outcome.First.Fingerprint!, key!)
                ?? throw new StoreException(StoreFault.Failed, "the job of this key is being removed; submit it again");
        }

        // Once it is on disk it is accepted: a daemon that is stopping leaves it to its next start.
        LiveBatch? live = batch is not null && outcome.Batch is { } id ? new LiveBatch(batch with { Id = id }) : null;
        for (int i = 0; i < records.Length; i++)
        {
            records[i] = records[i] with { BatchId = outcome.Batch ?? records[i].BatchId };
            admit(records[i], specs[i] with { BatchId = records[i].BatchId, Batch = live });
        }

        return new GroupAcceptance(records, outcome.Batch, AcceptanceKind.New);
    }

    private void ThrowIfRefused(IReadOnlyList<JobSpec> specs)
    {
        if (isStopping())
        {
            throw new DaemonStoppingException();
        }

        foreach (JobSpec spec in specs)
        {
            queues.ThrowIfDraining(spec.Queue);
        }

        backlog.ThrowIfFull(specs);
    }

    private void Claim(JobRecord[] records, IReadOnlyList<JobSpec> specs)
    {
        for (int i = 0; i < records.Length; i++)
        {
            if (keys.TryClaim(records[i].Id, specs[i]) is { } other)
            {
                Release(records[..i], specs);
                throw new KeyTakenException(specs[i].Key!, other);
            }
        }
    }

    private void Release(JobRecord[] records, IReadOnlyList<JobSpec> specs)
    {
        foreach ((int i, JobRecord record) in records.Index())
        {
            keys.Release(record.Id, specs[i]);
        }
    }

    private async Task<GroupAcceptance?> FindReplayAsync(IdempotencyKey? key) =>
        key is not null && await history.FindKeyAsync(key, clock.GetUtcNow().UtcDateTime) is { } earlier
            ? await ReplayAsync(earlier.Job, earlier.Fingerprint, key)
            : null;

    private async Task<GroupAcceptance?> ReplayAsync(long id, byte[] fingerprint, IdempotencyKey key) =>
        await find(id) is { } job
            ? new GroupAcceptance(
                [job], job.BatchId, fingerprint.AsSpan().SequenceEqual(key.Fingerprint) ? AcceptanceKind.Replayed : AcceptanceKind.KeyReused)
            : null;
}
