namespace Kuid.Jobd.Core.Jobs.Waiting;

/// <summary>
/// The slots of jobs that run, and the queues in which others of them wait. Not thread-safe: the scheduler's lock guards it.
/// </summary>
internal sealed class RunningSlots
{
    private readonly Dictionary<Slot, Holders> _slots = [];

    /// <summary>Whether all places of a slot are taken.</summary>
    internal bool IsFull(Slot slot) => _slots.TryGetValue(slot, out Holders? found) && found.Count >= slot.Places;

    /// <summary>A queue has a job of a slot that waits.</summary>
    internal void Join(Slot slot, JobQueue queue) => Find(slot).Queues.Add(queue);

    /// <summary>A queue has none any more.</summary>
    internal void Part(Slot slot, JobQueue queue)
    {
        _slots[slot].Queues.Remove(queue);
        Forget(slot);
    }

    /// <summary>A job of a slot is about to run: when it takes the last place, none of the others may.</summary>
    internal void Hold(Slot slot)
    {
        Holders found = Find(slot);
        if (++found.Count < slot.Places)
        {
            return;
        }

        foreach (JobQueue queue in found.Queues)
        {
            queue.Hold(slot);
        }
    }

    /// <summary>It runs no longer.</summary>
    /// <returns>The queues in which one of the slot may run now that could not before.</returns>
    internal IReadOnlyList<JobQueue> Release(Slot slot)
    {
        Holders found = _slots[slot];
        JobQueue[] queues = found.Count-- == slot.Places ? [.. found.Queues] : [];
        foreach (JobQueue queue in queues)
        {
            queue.Release(slot);
        }

        Forget(slot);
        return queues;
    }

    private Holders Find(Slot slot)
    {
        if (!_slots.TryGetValue(slot, out Holders? found))
        {
            _slots[slot] = found = new Holders();
        }

        return found;
    }

    private void Forget(Slot slot)
    {
        if (_slots[slot] is { Count: 0, Queues.Count: 0 })
        {
            _slots.Remove(slot);
        }
    }

    private sealed class Holders
    {
        /// <summary>How many jobs hold it.</summary>
        internal int Count { get; set; }

        internal HashSet<JobQueue> Queues { get; } = [];
    }
}
