using System.Diagnostics.CodeAnalysis;
using Kuid.Jobd.Core.Jobs.Waiting;

namespace Kuid.Jobd.Core.Jobs;

/// <summary>
/// The jobs that wait in a queue: the highest priority first, among equals the oldest, and none whose slot is full.
/// Not thread-safe: the scheduler's lock guards it.
/// </summary>
/// <remarks>
/// Of the jobs of one slot (a concurrency key, a batch) only the first is among those that are ready, and none while the slot is
/// full: so thousands that wait for one slot cost those that overtake them nothing.
/// </remarks>
internal sealed class JobQueue(string name, RunningSlots slots)
{
    private static readonly Comparer<Job> Order =
        Comparer<Job>.Create(static (a, b) => (b.Spec.Priority, a.Id).CompareTo((a.Spec.Priority, b.Id)));

    private readonly SortedSet<Job> _ready = new(Order);
    private readonly Dictionary<Slot, SortedSet<Job>> _bySlot = [];
    private int _free;

    internal string Name { get; } = name;

    /// <summary>How many take jobs from here and run them.</summary>
    internal int Workers { get; set; }

    /// <summary>How many jobs run.</summary>
    internal int Running { get; set; }

    /// <summary>How many jobs wait.</summary>
    internal int Count => _free + _bySlot.Values.Sum(jobs => jobs.Count);

    /// <summary>Whether one of them could run.</summary>
    internal bool HasReady => _ready.Count > 0;

    internal bool IsEmpty => _free == 0 && _bySlot.Count == 0;

    internal void Add(Job job)
    {
        if (job.Spec.Slot is not { } slot)
        {
            _free += _ready.Add(job) ? 1 : 0;
            return;
        }

        if (!_bySlot.TryGetValue(slot, out SortedSet<Job>? jobs))
        {
            _bySlot[slot] = jobs = new SortedSet<Job>(Order);
            slots.Join(slot, this);
        }

        Job? first = jobs.Min;
        jobs.Add(job);
        if (jobs.Min != first && !slots.IsFull(slot))
        {
            Replace(first, job);
        }
    }

    /// <summary>Takes a job out.</summary>
    /// <returns>Whether it was there.</returns>
    internal bool Remove(Job job)
    {
        if (job.Spec.Slot is not { } slot)
        {
            bool was = _ready.Remove(job);
            _free -= was ? 1 : 0;
            return was;
        }

        if (!_bySlot.TryGetValue(slot, out SortedSet<Job>? jobs) || !jobs.Remove(job))
        {
            return false;
        }

        if (_ready.Contains(job))
        {
            Replace(job, jobs.Min);
        }

        if (jobs.Count == 0)
        {
            _bySlot.Remove(slot);
            slots.Part(slot, this);
        }

        return true;
    }

    /// <summary>Takes the next job out, and a place of its slot.</summary>
    internal bool TryTake([NotNullWhen(true)] out Job? job)
    {
        job = _ready.Min;
        if (job is null)
        {
            return false;
        }

        Remove(job);
        if (job.Spec.Slot is { } slot)
        {
            slots.Hold(slot);
        }

        return true;
    }

    /// <summary>None of a slot may run.</summary>
    internal void Hold(Slot slot) => _ready.Remove(_bySlot[slot].Min!);

    /// <summary>One of a slot may run.</summary>
    internal void Release(Slot slot) => _ready.Add(_bySlot[slot].Min!);

    /// <summary>The jobs, in no order.</summary>
    internal IEnumerable<Job> Jobs => _ready.Where(job => job.Spec.Slot is null).Concat(_bySlot.Values.SelectMany(jobs => jobs));

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
