using Kuid.Jobd.Core.Metrics;
using Kuid.Jobd.Core.Output;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Core.Storage;

/// <summary>
/// Writes batches into the store, and knows what has not been written. It belongs to the thread of <see cref="HistoryWriter"/>.
/// </summary>
/// <remarks>
/// While the store refuses, additions are still tried, each batch anew, so that the first one that works ends the trouble.
/// A single record that a working store refuses is given up, so that it does not hold up all the others.
/// What waits is bounded: beyond the bound first outputs are given up, then whole jobs, and both are counted.
/// </remarks>
internal sealed class BatchWriter(IJobStore store, OutputFiles files, JobIds ids, ILogger log)
{
    // Where the store cuts its log back once nobody needs it (SqliteDatabase, journal_size_limit): more is a log that cannot be emptied.
    private const long LargeLog = 67_108_864;

    private volatile StoreException? _damage;
    private bool _logIsLarge;
    private volatile HistoryHealth _health = new(Fault: null, Detail: null, Unsaved: 0, Dropped: 0);

    /// <summary>The saves that have not been written yet.</summary>
    internal UnsavedJobs Saves { get; } = new();

    /// <summary>How the store is; any thread may ask.</summary>
    internal HistoryHealth Health
    {
        get => _health;
        private set => _health = value;
    }

    /// <summary>What was found wrong with the store, since when nothing is written; any thread may set it.</summary>
    internal StoreException? Damage
    {
        get => _damage;
        set => _damage = value;
    }

    /// <summary>Writes additions, and as many saves as go with them; whoever waits for one hears of it.</summary>
    internal void Write(List<AddRequest> additions, int mostSaves)
    {
        // In trouble a few suffice to find out whether it is over, and an addition is not to fail for the sake of a save.
        IEnumerable<HistoryRequest> saves = Saves.InOrder.Take(Health.IsAvailable ? mostSaves : additions.Count > 0 ? 0 : 1);
        try
        {
            ThrowIfDamaged();
            Write([.. additions, .. saves]);
            HasWorked();
        }
        catch (Exception e)
        {
            HasFailed(Explain(e), additions);
        }
    }

    /// <summary>
    /// Writes a batch. When it fails and the store works all the same, it is the fault of something in the batch: it is halved
    /// until that one is found, and given up alone.
    /// </summary>
    private void Write(List<HistoryRequest> batch)
    {
        try
        {
            WriteWhole(batch);
        }
        catch (Exception e) when (Explain(e).Fault == StoreFault.Failed)
        {
            Probe(IsDurable(batch));
            if (batch.Count == 1)
            {
                Refuse(batch[0], e);
                return;
            }

            int half = batch.Count / 2;
            Write(batch[..half]);
            Write(batch[half..]);
        }
    }

    private void WriteWhole(List<HistoryRequest> batch)
    {
        long begun = System.Diagnostics.Stopwatch.GetTimestamp();
        List<AddRequest> additions = [.. batch.OfType<AddRequest>()];
        List<SaveRequest> saves = [.. batch.OfType<SaveRequest>()];
        long? reserved = ids.Reservation;
        IReadOnlyList<AdditionOutcome> outcomes = store.Write(new WriteBatch
        {
            Additions = [.. additions.Select(request => request.Addition)],
            Changes = [.. saves.Select(ToChange)],
            ReservedIds = reserved,

            // A number that was given out is not given again after the loss of power either.
            Durable = reserved is not null || IsDurable(batch),
        });

        HistoryMeter.Wrote(batch.Count, begun);
        WatchLog();

        // Whoever has an answer is to find the health as it is.
        saves.ForEach(Saves.Remove);
        HasWorked();
        for (int i = 0; i < outcomes.Count; i++)
        {
            additions[i].Succeed(outcomes[i]);
        }

        saves.ForEach(save => save.Finish(written: true));
    }

    private void WatchLog()
    {
        long bytes = store.WriteAheadBytes;
        if (bytes > LargeLog != _logIsLarge)
        {
            _logIsLarge = !_logIsLarge;
            if (_logIsLarge)
            {
                Log.WriteAheadLogLarge(log, bytes);
            }
            else
            {
                Log.WriteAheadLogEmptied(log, bytes);
            }
        }
    }

    /// <summary>
    /// Writes what cannot be wrong, as durably as what failed: a disk may take writes and fail to keep them. It is another
    /// number than before, for SQLite does not write what it finds unchanged.
    /// </summary>
    private void Probe(bool durable) => store.Write(new WriteBatch { ReservedIds = store.ReservedIds + 1, Durable = durable });

    private static bool IsDurable(List<HistoryRequest> batch) => batch.Exists(request => request is AddRequest or SaveRequest { IsDurable: true });

    private void Refuse(HistoryRequest request, Exception e)
    {
        if (request is SaveRequest save)
        {
            Log.JobNotRecorded(log, e, save.Job.Id);
            DeleteFiles([save.Job.Id]);
            HistoryMeter.NotRecorded(save.Job);
            Saves.Remove(save);
            Health = Health with { Unsaved = Saves.Count, Dropped = Health.Dropped + 1 };
            save.Finish(written: false);
        }
        else
        {
            request.Fail(Explain(e));
        }
    }

    /// <summary>A failure as the submitter hears of it.</summary>
    internal static StoreException Explain(Exception e) =>
        e as StoreException ?? new StoreException(StoreFault.Failed, "the history failed", e);

    /// <summary>Refuses what would make damage worse.</summary>
    /// <exception cref="StoreException">The history is damaged.</exception>
    internal void ThrowIfDamaged()
    {
        if (Damage is { } damage)
        {
            throw new StoreException(damage.Fault, damage.Message);
        }
    }

    private static Change ToChange(SaveRequest save)
    {
        JobRecord job = save.Job.Snapshot();
        if (job.HasEnded)
        {
            job = job with { StdoutKeptBytes = save.Output?.StdoutBytes ?? 0, StderrKeptBytes = save.Output?.StderrBytes ?? 0 };
        }
        else if (job.Pid is { } pid)
        {
            // Asked as late as this: most jobs are over by now, and nobody needs to know which process theirs was.
            job = job with { Process = Processes.ProcessIdentities.Of(pid) };
        }

        return new Change(job, save.Output) { HasHadLabels = save.Job.HasHadLabels };
    }

    private void HasWorked()
    {
        if (!Health.IsAvailable)
        {
            Log.HistoryRecovered(log, Saves.Count);
        }

        Health = Health with { Fault = null, Detail = null, Unsaved = Saves.Count };
    }

    private void HasFailed(StoreException e, List<AddRequest> additions)
    {
        if (Health.Fault != e.Fault)
        {
            Log.HistoryFailed(log, e.InnerException, e.Fault, e.Message);
        }

        Health = Health with { Fault = e.Fault, Detail = e.Message };
        StayWithinBounds();
        Health = Health with { Unsaved = Saves.Count };
        additions.ForEach(addition => addition.Fail(e));
    }

    private void StayWithinBounds()
    {
        IReadOnlyList<long> dropped = Saves.DropOutputs();
        DeleteFiles(dropped);
        Health = Health with { Dropped = Health.Dropped + dropped.Count };
        GiveUp(Saves.Excess());
    }

    /// <summary>Counts them as lost to the history, and tells who asked for them.</summary>
    internal void GiveUp(List<SaveRequest> saves)
    {
        if (saves.Count == 0)
        {
            return;
        }

        saves.ForEach(Saves.Remove);
        saves.ForEach(save => HistoryMeter.NotRecorded(save.Job));
        Health = Health with { Unsaved = Saves.Count, Dropped = Health.Dropped + saves.Count };
        Log.HistoryGaveUp(log, saves.Count, Health.Dropped);
        saves.ForEach(save => save.Finish(written: false));
    }

    /// <summary>Removes the files of jobs after their rows: files without a row are swept at the next start, rows without their files would be a lie.</summary>
    /// <returns>The same jobs.</returns>
    internal IReadOnlyList<long> DeleteFiles(IReadOnlyList<long> jobs)
    {
        foreach (long job in jobs)
        {
            try
            {
                files.Delete(job);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Log.FilesNotRemoved(log, job, e.Message);
            }
        }

        return jobs;
    }
}
