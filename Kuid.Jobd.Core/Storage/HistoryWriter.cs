using System.Threading.Channels;
using Kuid.Jobd.Core.Metrics;
using Kuid.Jobd.Core.Output;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Core.Storage;

/// <summary>
/// The one thread that writes the history, many requests a transaction. It owns neither the store nor the files.
/// </summary>
/// <remarks>
/// <para>
/// Two kinds of work meet here. An addition is promised to somebody: its batch is durable, and a failure is the submitter's
/// to hear. A save only brings the store up to date with a job that exists anyway: whoever runs the job never waits for it,
/// so a failure is nobody's but the history's, and it is tried again until it succeeds.
/// </para>
/// <para>
/// Saves are held back for a moment when nobody waits: a short job then costs one row written once, with its end, rather
/// than three writes. Several saves of one job are one, of the job as it is when the batch is made.
/// </para>
/// <para>
/// While the store refuses, additions are still tried, each batch anew, so that the first one that works ends the trouble.
/// A single record that a working store refuses is given up, so that it does not hold up all the others.
/// What waits is bounded: beyond the bound first outputs are given up, then whole jobs, and both are counted.
/// </para>
/// </remarks>
internal sealed class HistoryWriter : IDisposable
{
    private const int MostSavesABatch = 2000;

    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(500);

    private readonly IJobStore _store;
    private readonly OutputFiles _files;
    private readonly ILogger _log;
    private readonly JobIds _ids;
    private readonly Channel<HistoryRequest> _requests =
        Channel.CreateUnbounded<HistoryRequest>(new UnboundedChannelOptions { SingleReader = true });

    private readonly Thread _thread;

    // The thread's own: what it has taken from the channel and not done.
    private readonly List<AddRequest> _additions = [];
    private readonly UnsavedJobs _saves = new();
    private readonly Queue<HistoryRequest> _others = [];
    private Task<bool>? _more;
    private bool _urgent;
    private volatile StoreException? _damage;
    private volatile HistoryHealth _health = new(Fault: null, Detail: null, Unsaved: 0, Dropped: 0);

    internal HistoryWriter(IJobStore store, OutputFiles files, ILogger log)
    {
        _store = store;
        _files = files;
        _log = log;
        _ids = new JobIds(store);
        store.Write(new WriteBatch { ReservedIds = _ids.Reservation, Durable = true });
        _thread = new Thread(Run) { IsBackground = true, Name = "kuid-history" };
        _thread.Start();
    }

    internal HistoryHealth Health => _health;

    /// <summary>An id that no job has had.</summary>
    internal long NextId() => _ids.Next(1);

    /// <summary>Ids that no job has had, in a row.</summary>
    /// <returns>The first of them.</returns>
    internal long NextIds(int count) => _ids.Next(count);

    /// <summary>Hands a request over.</summary>
    /// <exception cref="StoreException">The history is closed.</exception>
    internal Task<T> RequestAsync<T>(HistoryRequest<T> request)
    {
        if (!_requests.Writer.TryWrite(request))
        {
            request.Fail(new StoreException(StoreFault.Failed, "the history is closed: the daemon is stopping"));
        }

        return request.Answer;
    }

    /// <summary>Refuses from now on: what is damaged is not made worse.</summary>
    internal void CloseForDamage(string verdict) => _damage = new StoreException(StoreFault.Damaged, $"the history is damaged: {verdict}");

    /// <summary>Ends when everything that was asked for has been tried once more, and notes the ids as they are.</summary>
    public void Dispose()
    {
        if (_requests.Writer.TryComplete())
        {
            _thread.Join();
        }
    }

    private void Run()
    {
        bool open;
        do
        {
            open = WaitForWork();
            Take();
            LetMoreCome();
            WriteBatch();

            // Whoever asks for anything else asks for it after what came before.
            while (_others.Count > 0 && _saves.Count > 0 && _health.IsAvailable)
            {
                WriteBatch();
            }

            DoOthers();
        }
        while (open || (_saves.Count > 0 && _health.IsAvailable));

        try
        {
            ThrowIfDamaged();
            _store.Write(new WriteBatch { ReservedIds = _ids.Last, Durable = true });
        }
        catch (StoreException)
        {
            // The ids up to what was reserved are left out.
        }

        GiveUp([.. _saves.InOrder]);
    }

    /// <summary>Blocks until there is something to do.</summary>
    /// <returns>Whether more may be asked for later.</returns>
    private bool WaitForWork()
    {
        // What could not be written is tried again after a pause, or with whatever comes before it is over.
        WaitForMore(_saves.Count == 0 ? Timeout.InfiniteTimeSpan : _health.IsAvailable ? TimeSpan.Zero : RetryPause);
        return !_requests.Reader.Completion.IsCompleted;
    }

    private bool WaitForMore(TimeSpan time)
    {
        // One wait at a time may be under way on a channel, so one that was not over is gone on with.
        _more ??= _requests.Reader.WaitToReadAsync().AsTask();
        if (!_more.Wait(time))
        {
            return false;
        }

        bool more = _more.Result;
        _more = null;
        return more;
    }

    private void Take()
    {
        while (_requests.Reader.TryRead(out HistoryRequest? request))
        {
            switch (request)
            {
                case AddRequest add:
                    _additions.Add(add);
                    break;
                case SaveRequest save:
                    _saves.Put(save);
                    _urgent |= save.IsDurable;
                    break;
                default:
                    _others.Enqueue(request);
                    break;
            }
        }
    }

    private void LetMoreCome()
    {
        long start = TimeProvider.System.GetTimestamp();
        TimeSpan left;
        while (!SomebodyWaits && _saves.Count < MostSavesABatch
            && (left = Linger - TimeProvider.System.GetElapsedTime(start)) > TimeSpan.Zero
            && WaitForMore(left))
        {
            Take();
        }
    }

    private bool SomebodyWaits => _urgent || _additions.Count + _others.Count > 0;

    private void WriteBatch()
    {
        if (_additions.Count + _saves.Count == 0)
        {
            return;
        }

        // In trouble a few suffice to find out whether it is over, and an addition is not to fail for the sake of a save.
        IEnumerable<HistoryRequest> saves = _saves.InOrder.Take(_health.IsAvailable ? MostSavesABatch : _additions.Count > 0 ? 0 : 1);
        try
        {
            ThrowIfDamaged();
            Write([.. _additions, .. saves]);
            HasWorked();
        }
        catch (Exception e)
        {
            HasFailed(Explain(e));
        }

        _additions.Clear();
        _urgent = false;
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
        long? reserved = _ids.Reservation;
        IReadOnlyList<AdditionOutcome> outcomes = _store.Write(new WriteBatch
        {
            Additions = [.. additions.Select(request => request.Addition)],
            Changes = [.. saves.Select(ToChange)],
            ReservedIds = reserved,

            // A number that was given out is not given again after the loss of power either.
            Durable = reserved is not null || IsDurable(batch),
        });

        HistoryMeter.Wrote(batch.Count, begun);

        // Whoever has an answer is to find the health as it is.
        saves.ForEach(_saves.Remove);
        HasWorked();
        for (int i = 0; i < outcomes.Count; i++)
        {
            additions[i].Succeed(outcomes[i]);
        }

        saves.ForEach(save => save.Finish(written: true));
    }

    /// <summary>
    /// Writes what cannot be wrong, as durably as what failed: a disk may take writes and fail to keep them. It is another
    /// number than before, for SQLite does not write what it finds unchanged.
    /// </summary>
    private void Probe(bool durable) => _store.Write(new WriteBatch { ReservedIds = _store.ReservedIds + 1, Durable = durable });

    private static bool IsDurable(List<HistoryRequest> batch) => batch.Exists(request => request is AddRequest or SaveRequest { IsDurable: true });

    private void Refuse(HistoryRequest request, Exception e)
    {
        if (request is SaveRequest save)
        {
            Log.JobNotRecorded(_log, e, save.Job.Id);
            DeleteFiles([save.Job.Id]);
            _saves.Remove(save);
            _health = _health with { Unsaved = _saves.Count, Dropped = _health.Dropped + 1 };
            save.Finish(written: false);
        }
        else
        {
            request.Fail(Explain(e));
        }
    }

    private static StoreException Explain(Exception e) =>
        e as StoreException ?? new StoreException(StoreFault.Failed, "the history failed", e);

    private void ThrowIfDamaged()
    {
        if (_damage is { } damage)
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

        return new Change(job, save.Output);
    }

    private void HasWorked()
    {
        if (!_health.IsAvailable)
        {
            Log.HistoryRecovered(_log, _saves.Count);
        }

        _health = _health with { Fault = null, Detail = null, Unsaved = _saves.Count };
    }

    private void HasFailed(StoreException e)
    {
        if (_health.Fault != e.Fault)
        {
            Log.HistoryFailed(_log, e.InnerException, e.Fault, e.Message);
        }

        _health = _health with { Fault = e.Fault, Detail = e.Message };
        StayWithinBounds();
        _health = _health with { Unsaved = _saves.Count };
        _additions.ForEach(addition => addition.Fail(e));
    }

    private void StayWithinBounds()
    {
        IReadOnlyList<long> dropped = _saves.DropOutputs();
        DeleteFiles(dropped);
        _health = _health with { Dropped = _health.Dropped + dropped.Count };
        GiveUp(_saves.Excess());
    }

    private void GiveUp(List<SaveRequest> saves)
    {
        if (saves.Count == 0)
        {
            return;
        }

        saves.ForEach(_saves.Remove);
        _health = _health with { Unsaved = _saves.Count, Dropped = _health.Dropped + saves.Count };
        Log.HistoryGaveUp(_log, saves.Count, _health.Dropped);
        saves.ForEach(save => save.Finish(written: false));
    }

    private void DoOthers()
    {
        for (int count = _others.Count; count > 0; count--)
        {
            HistoryRequest request = _others.Dequeue();
            try
            {
                ThrowIfDamaged();
                Do(request);
            }
            catch (Exception e)
            {
                request.Fail(Explain(e));
            }
        }
    }

    private void Do(HistoryRequest request)
    {
        switch (request)
        {
            case DeleteRequest delete:
                delete.Succeed(DeleteFiles(_store.Delete(delete.Ids)));
                break;
            case PruneRequest prune:
                PruneStep step = _store.Prune(prune.Cut, prune.Most);
                DeleteFiles(step.Records);
                DeleteFiles(step.Outputs);
                prune.Succeed(step);
                break;
            case AddAllRequest all:
                all.Succeed(_store.AddAll(all.Group, _ids.Reservation));
                break;
            case IStoreRequest other:
                other.Do(_store);
                break;
            case FlushRequest flush:
                flush.Succeed(_health.IsAvailable);
                break;
            default:
                throw new InvalidOperationException($"nobody does a {request.GetType().Name}");
        }
    }

    // After the rows: files without a row are swept at the next start, rows without their files would be a lie.
    private IReadOnlyList<long> DeleteFiles(IReadOnlyList<long> jobs)
    {
        foreach (long job in jobs)
        {
            try
            {
                _files.Delete(job);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Log.FilesNotRemoved(_log, job, e.Message);
            }
        }

        return jobs;
    }
}
