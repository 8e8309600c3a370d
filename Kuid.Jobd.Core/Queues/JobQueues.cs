using System.Collections.Concurrent;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Storage;

namespace Kuid.Jobd.Core.Queues;

/// <summary>
/// The queues: the default one, those with jobs in them, and those that somebody has said something of, which is kept and holds
/// from the moment the call completes.
/// </summary>
/// <param name="live">The jobs that are not over.</param>
public sealed class JobQueues(Scheduler scheduler, History history, Func<IEnumerable<Job>> live)
{
    private readonly ConcurrentDictionary<string, QueueRecord> _kept = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _changing = new(1, 1);

    /// <summary>All of them, by name.</summary>
    public IReadOnlyList<QueueStatus> All
    {
        get
        {
            IReadOnlyDictionary<string, (int Waiting, int Running)> counts = scheduler.Counts();
            Dictionary<string, int> scheduled = live().Where(job => job.State == JobState.Scheduled).Select(job => job.Spec.Queue).OfType<string>()
                .CountBy(name => name, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
            return [.. counts.Keys.Union(scheduled.Keys, StringComparer.Ordinal).Union(_kept.Keys, StringComparer.Ordinal)
                .Append(Scheduler.DefaultQueue).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(name =>
                {
                    (int waiting, int running) = counts.GetValueOrDefault(name);
                    QueueRecord kept = KeptOf(name);
                    return new QueueStatus(
                        name, kept.Concurrency ?? scheduler.MostUnlessSaid(name), kept.Paused, kept.Draining, waiting, running,
                        scheduled.GetValueOrDefault(name));
                })];
        }
    }

    /// <summary>Reads what is kept; once, before any job is taken.</summary>
    /// <exception cref="StoreException">The history cannot be read.</exception>
    public async Task LoadAsync()
    {
        foreach (QueueRecord queue in await history.QueuesAsync())
        {
            Apply(queue);
        }
    }

    /// <summary>A queue by its name; null when there is none.</summary>
    public QueueStatus? Find(string name) => All.FirstOrDefault(queue => queue.Name == name);

    /// <summary>Says how a queue is to be from now on; one that there is not is made. It takes jobs.</summary>
    /// <param name="concurrency">How many of its jobs run at once, at least 1; null for as many as the daemon is configured with.</param>
    /// <returns>Whether there was none of that name.</returns>
    /// <exception cref="StoreException">The history cannot be written.</exception>
    public async Task<bool> PutAsync(string name, int? concurrency, bool paused)
    {
        if (concurrency < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(concurrency), concurrency, "allowed: 1 and more");
        }

        bool isNew = Find(name) is null;
        await ChangeAsync(name, _ => new QueueRecord(name, concurrency, paused, Draining: false));
        return isNew;
    }

    /// <summary>Starts no more of its jobs; those that run go on, and more are taken.</summary>
    /// <returns>Whether there is such a queue.</returns>
    /// <exception cref="StoreException">The history cannot be written.</exception>
    public Task<bool> PauseAsync(string name) => ChangeIfThereAsync(name, queue => queue with { Paused = true });

    /// <summary>Takes and starts jobs as ever.</summary>
    /// <returns>Whether there is such a queue.</returns>
    /// <exception cref="StoreException">The history cannot be written.</exception>
    public Task<bool> ResumeAsync(string name) => ChangeIfThereAsync(name, queue => queue with { Paused = false, Draining = false });

    /// <summary>Takes no more jobs; those that it has are run.</summary>
    /// <returns>Whether there is such a queue.</returns>
    /// <exception cref="StoreException">The history cannot be written.</exception>
    public Task<bool> DrainAsync(string name) => ChangeIfThereAsync(name, queue => queue with { Draining = true });

    /// <summary>Cancels all of its jobs that wait, for whatever.</summary>
    /// <param name="by">The principal who wants it.</param>
    /// <returns>How many; null when there is no such queue.</returns>
    public async Task<int?> PurgeAsync(string name, string by)
    {
        if (Find(name) is null)
        {
            return null;
        }

        Job[] canceled = [.. live().Where(job => job.Spec.Queue == name && job.TryCancelWaiting(by: by))];
        await Cancellations.AreRecordedAsync(history, canceled);
        return canceled.Length;
    }

    /// <summary>Forgets what has been said of a queue.</summary>
    /// <exception cref="StoreException">The history cannot be written.</exception>
    public async Task<QueueRemoval> DeleteAsync(string name)
    {
        await _changing.WaitAsync();
        try
        {
            switch (Find(name))
            {
                case null:
                    return QueueRemoval.NoSuchQueue;
                case { IsEmpty: false }:
                    return QueueRemoval.NotEmpty;
            }

            await history.ChangeAsync(store => store.DeleteQueue(name));
            _kept.TryRemove(name, out _);
            scheduler.Configure(name, rule: null);
            return QueueRemoval.Removed;
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Refuses a job for a queue that takes none.</summary>
    /// <exception cref="QueueDrainingException">It takes none.</exception>
    internal void ThrowIfDraining(string? name)
    {
        if (name is not null && _kept.TryGetValue(name, out QueueRecord? queue) && queue.Draining)
        {
            throw new QueueDrainingException(name);
        }
    }

    private async Task<bool> ChangeIfThereAsync(string name, Func<QueueRecord, QueueRecord> change)
    {
        if (Find(name) is null)
        {
            return false;
        }

        await ChangeAsync(name, change);
        return true;
    }

    private async Task ChangeAsync(string name, Func<QueueRecord, QueueRecord> change)
    {
        await _changing.WaitAsync();
        try
        {
            QueueRecord changed = change(KeptOf(name));
            await history.ChangeAsync(store =>
            {
                store.PutQueue(changed);
                return true;
            });
            Apply(changed);
        }
        finally
        {
            _changing.Release();
        }
    }

    private QueueRecord KeptOf(string name) => _kept.GetValueOrDefault(name) ?? new QueueRecord(name, Concurrency: null, Paused: false, Draining: false);

    private void Apply(QueueRecord queue)
    {
        _kept[queue.Name] = queue;
        scheduler.Configure(queue.Name, new QueueRule(queue.Concurrency, queue.Paused));
    }
}
