using Kuid.Jobd.Core.Output;
using Kuid.Jobd.Core.Threads;
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
/// Here is when a batch is written; what is done with it, and with its failure, is <see cref="BatchWriter"/>'s.
/// </para>
/// </remarks>
internal sealed class HistoryWriter : IDisposable
{
    private const int MostSavesABatch = 2000;

    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(500);

    private readonly IJobStore _store;
    private readonly BatchWriter _batches;
    private readonly JobIds _ids;
    private readonly Inbox<HistoryRequest> _requests = new();
    private readonly Thread _thread;

    // The thread's own: what it has taken from the inbox and not done.
    private readonly List<AddRequest> _additions = [];
    private readonly Queue<HistoryRequest> _others = [];
    private bool _urgent;

    internal HistoryWriter(IJobStore store, OutputFiles files, ILogger log)
    {
        _store = store;
        _ids = new JobIds(store);
        _batches = new BatchWriter(store, files, _ids, log);
        store.Write(new WriteBatch { ReservedIds = _ids.Reservation, Durable = true });
        _thread = new Thread(Run) { IsBackground = true, Name = "kuid-history" };
        _thread.Start();
    }

    internal HistoryHealth Health => _batches.Health;

    /// <summary>An id that no job has had.</summary>
    internal long NextId() => _ids.Next(1);

    /// <summary>Ids that no job has had, in a row.</summary>
    /// <returns>The first of them.</returns>
    internal long NextIds(int count) => _ids.Next(count);

    /// <summary>Hands a request over.</summary>
    /// <exception cref="StoreException">The history is closed.</exception>
    internal Task<T> RequestAsync<T>(HistoryRequest<T> request)
    {
        if (!_requests.TryPut(request, urgent: request is not SaveRequest { IsDurable: false }))
        {
            request.Fail(new StoreException(StoreFault.Failed, "the history is closed: the daemon is stopping"));
        }

        return request.Answer;
    }

    /// <summary>Refuses from now on: what is damaged is not made worse.</summary>
    internal void CloseForDamage(string verdict) =>
        _batches.Damage = new StoreException(StoreFault.Damaged, $"the history is damaged: {verdict}");

    /// <summary>Ends when everything that was asked for has been tried once more, and notes the ids as they are.</summary>
    public void Dispose()
    {
        if (_requests.Close())
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
            while (_others.Count > 0 && _batches.Saves.Count > 0 && _batches.Health.IsAvailable)
            {
                WriteBatch();
            }

            DoOthers();
        }
        while (open || (_batches.Saves.Count > 0 && _batches.Health.IsAvailable));

        try
        {
            _batches.ThrowIfDamaged();
            _store.Write(new WriteBatch { ReservedIds = _ids.Last, Durable = true });
        }
        catch (StoreException)
        {
            // The ids up to what was reserved are left out.
        }

        _batches.GiveUp([.. _batches.Saves.InOrder]);
    }

    /// <summary>Blocks until there is something to do.</summary>
    /// <returns>Whether more may be asked for later.</returns>
    private bool WaitForWork() =>
        // What could not be written is tried again after a pause, or with whatever comes before it is over.
        _requests.Wait(_batches.Saves.Count == 0 ? Timeout.InfiniteTimeSpan : _batches.Health.IsAvailable ? TimeSpan.Zero : RetryPause);

    private void Take()
    {
        while (_requests.TryTake(out HistoryRequest? request))
        {
            switch (request)
            {
                case AddRequest add:
                    _additions.Add(add);
                    break;
                case SaveRequest save:
                    _batches.Saves.Put(save);
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
        if (!SomebodyWaits && _batches.Saves.Count < MostSavesABatch)
        {
            _requests.Collect(Linger);
            Take();
        }
    }

    private bool SomebodyWaits => _urgent || _additions.Count + _others.Count > 0;

    private void WriteBatch()
    {
        if (_additions.Count + _batches.Saves.Count == 0)
        {
            return;
        }

        _batches.Write(_additions, MostSavesABatch);
        _additions.Clear();
        _urgent = false;
    }

    private void DoOthers()
    {
        for (int count = _others.Count; count > 0; count--)
        {
            HistoryRequest request = _others.Dequeue();
            try
            {
                _batches.ThrowIfDamaged();
                Do(request);
            }
            catch (Exception e)
            {
                request.Fail(BatchWriter.Explain(e));
            }
        }
    }

    private void Do(HistoryRequest request)
    {
        switch (request)
        {
            case DeleteRequest delete:
                delete.Succeed(_batches.DeleteFiles(_store.Delete(delete.Ids)));
                break;
            case PruneRequest prune:
                PruneStep step = _store.Prune(prune.Cut, prune.Most);
                _batches.DeleteFiles(step.Records);
                _batches.DeleteFiles(step.Outputs);
                prune.Succeed(step);
                break;
            case AddAllRequest all:
                all.Succeed(_store.AddAll(all.Group, _ids.Reservation));
                break;
            case IStoreRequest other:
                other.Do(_store);
                break;
            case FlushRequest flush:
                flush.Succeed(_batches.Health.IsAvailable);
                break;
            default:
                throw new InvalidOperationException($"nobody does a {request.GetType().Name}");
        }
    }
}
