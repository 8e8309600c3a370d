using Kuid.Jobd.Core.Threads;

namespace Kuid.Jobd.Core.Storage;

/// <summary>
/// Threads that read the history for others: the calls of a store block, and a thread of the pool is not to be blocked. Each
/// has a reader of its own, opened when it is first needed and anew after a failure.
/// </summary>
internal sealed class HistoryReaders : IDisposable
{
    private readonly IJobStore _store;
    private readonly Action _damageMet;
    private readonly Inbox<Action<Func<IJobReader>>> _reads = new();
    private readonly Thread[] _threads;

    /// <param name="damageMet">Is called, on one of the threads, when something could not be read because the file is damaged.</param>
    internal HistoryReaders(IJobStore store, Action damageMet, int threads = 2)
    {
        _store = store;
        _damageMet = damageMet;
        _threads = new Thread[threads];
        for (int i = 0; i < threads; i++)
        {
            _threads[i] = new Thread(Run) { IsBackground = true, Name = "kuid-reader" };
            _threads[i].Start();
        }
    }

    /// <summary>Reads on one of the threads.</summary>
    /// <exception cref="StoreException">The history cannot be read, or is closed.</exception>
    internal Task<T> ReadAsync<T>(Func<IJobReader, T> read)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        bool taken = _reads.TryPut(reader =>
        {
            try
            {
                answer.SetResult(read(reader()));
            }
            catch (StoreException e) when (e.Fault == StoreFault.Full)
            {
                // The index of the write-ahead log has to grow for a reader too. Whoever reads has nothing that there is no room for.
                answer.SetException(new StoreException(StoreFault.Failed, $"the history cannot be read: {e.Message}", e));
                throw;
            }
            catch (Exception e)
            {
                answer.SetException(e);
                throw;
            }
        });
        return taken
            ? answer.Task
            : Task.FromException<T>(new StoreException(StoreFault.Failed, "the history is closed: the daemon is stopping"));
    }

    /// <summary>Ends the threads; what was asked for is read first.</summary>
    public void Dispose()
    {
        _reads.Close();
        Array.ForEach(_threads, thread => thread.Join());
    }

    private void Run()
    {
        IJobReader? reader = null;
        while (_reads.Wait())
        {
            while (_reads.TryTake(out Action<Func<IJobReader>>? read))
            {
                try
                {
                    read(() => reader ??= _store.OpenReader());
                }
                catch (Exception e)
                {
                    // Whoever asked has it. A connection that failed is not asked again.
                    reader?.Dispose();
                    reader = null;
                    if (e is StoreException { Fault: StoreFault.Damaged })
                    {
                        _damageMet();
                    }
                }
            }
        }

        reader?.Dispose();
    }
}
