using System.Diagnostics.CodeAnalysis;
using Kuid.Jobd.Core.Jobs.Waiting;

namespace Kuid.Jobd.Core.Jobs;

/// <summary>
/// The jobs that wait in a queue: the highest priority first, among equals the oldest, and none whose concurrency key is held.
/// Not thread-safe: the scheduler's lock guards it.
/// </summary>
/// <remarks>
/// Of the jobs of one key only the first is among those that are ready, and none while the key is held: so thousands that wait
/// for one key cost those that overtake them nothing.
/// </remarks>
internal sealed class JobQueue(string name, RunningKeys keys)
{
    private static readonly Comparer<Job> Order =
        Comparer<Job>.Create(static (a, b) => (b.Spec.Priority, a.Id).CompareTo((a.Spec.Priority, b.Id)));

    private readonly SortedSet<Job> _ready = new(Order);
    private readonly Dictionary<string, SortedSet<Job>> _byKey = new(StringComparer.Ordinal);
    private int _keyless;

    internal string Name { get; } = name;

    /// <summary>How many take jobs from here and run them.</summary>
    internal int Workers { get; set; }

    /// <summary>How many jobs run.</summary>
    internal int Running { get; set; }

    /// <summary>How many jobs wait.</summary>
    internal int Count => _keyless + _byKey.Values.Sum(jobs => jobs.Count);

    /// <summary>Whether one of them could run.</summary>
    internal bool HasReady => _ready.Count > 0;

    internal bool IsEmpty => _keyless == 0 && _byKey.Count == 0;

    internal void Add(Job job)
    {
        if (job.Spec.Key is not { } key)
        {
            _keyless += _ready.Add(job) ? 1 : 0;
            return;
        }

        if (!_byKey.TryGetValue(key, out SortedSet<Job>? jobs))
        {
            _byKey[key] = jobs = new SortedSet<Job>(Order);
            keys.Join(key, this);
        }

        Job? first = jobs.Min;
        jobs.Add(job);
        if (jobs.Min != first && !keys.IsHeld(key))
        {
            Replace(first, job);
        }
    }

    /// <summary>Takes a job out.</summary>
    /// <returns>Whether it was there.</returns>
    internal bool Remove(Job job)
    {
        if (job.Spec.Key is not { } key)
        {
            bool was = _ready.Remove(job);
            _keyless -= was ? 1 : 0;
            return was;
        }

        if (!_byKey.TryGetValue(key, out SortedSet<Job>? jobs) || !jobs.Remove(job))
        {
            return false;
        }

        if (_ready.Contains(job))
        {
            Replace(job, jobs.Min);
        }

        if (jobs.Count == 0)
        {
            _byKey.Remove(key);
            keys.Part(key, this);
        }

        return true;
    }

    /// <summary>Takes the next job out, and holds its key.</summary>
    internal bool TryTake([NotNullWhen(true)] out Job? job)
    {
        job = _ready.Min;
        if (job is null)
        {
            return false;
        }

        Remove(job);
        if (job.Spec.Key is { } key)
        {
            keys.Hold(key);
        }

        return true;
    }

    /// <summary>None of a key may run.</summary>
    internal void Hold(string key) => _ready.Remove(_byKey[key].Min!);

    /// <summary>One of a key may run.</summary>
    internal void Release(string key) => _ready.Add(_byKey[key].Min!);

    /// <summary>The jobs, in no order.</summary>
    internal IEnumerable<Job> Jobs => _ready.Where(job => job.Spec.Key is null).Concat(_byKey.Values.SelectMany(jobs => jobs));

    private void Replace(Job? one, Job? other)
    {
        if (one is not null)
        {
            _ready.Remove(one);
        }

        if (other is not null)
        {
            _ready.Add(other);
        }
    }
}
