namespace Kuid.Jobd.Core.Jobs.Waiting;

/// <summary>
/// The concurrency keys of jobs that run, and the queues in which others of them wait. Not thread-safe: the scheduler's lock
/// guards it.
/// </summary>
internal sealed class RunningKeys
{
    private readonly Dictionary<string, Key> _keys = new(StringComparer.Ordinal);

    internal bool IsHeld(string key) => _keys.TryGetValue(key, out Key? found) && found.IsHeld;

    /// <summary>A queue has a job of a key that waits.</summary>
    internal void Join(string key, JobQueue queue)
    {
        if (!_keys.TryGetValue(key, out Key? found))
        {
            _keys[key] = found = new Key();
        }

        found.Queues.Add(queue);
    }

    /// <summary>A queue has none any more.</summary>
    internal void Part(string key, JobQueue queue)
    {
        _keys[key].Queues.Remove(queue);
        Forget(key);
    }

    /// <summary>A job of a key is about to run: none of the others may.</summary>
    internal void Hold(string key)
    {
        if (!_keys.TryGetValue(key, out Key? found))
        {
            _keys[key] = found = new Key();
        }

        found.IsHeld = true;
        foreach (JobQueue queue in found.Queues)
        {
            queue.Hold(key);
        }
    }

    /// <summary>It runs no longer.</summary>
    /// <returns>The queues in which one of the key may run now.</returns>
    internal IReadOnlyList<JobQueue> Release(string key)
    {
        Key found = _keys[key];
        found.IsHeld = false;
        foreach (JobQueue queue in found.Queues)
        {
            queue.Release(key);
        }

        JobQueue[] queues = [.. found.Queues];
        Forget(key);
        return queues;
    }

    private void Forget(string key)
    {
        if (_keys[key] is { IsHeld: false, Queues.Count: 0 })
        {
            _keys.Remove(key);
        }
    }

    private sealed class Key
    {
        internal bool IsHeld { get; set; }

        internal HashSet<JobQueue> Queues { get; } = [];
    }
}
