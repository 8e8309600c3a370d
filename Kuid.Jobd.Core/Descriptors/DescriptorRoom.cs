namespace Kuid.Jobd.Core.Descriptors;

/// <summary>
/// The descriptors that jobs may have open together. Whoever is about to open some takes a place first, and waits in turn while
/// there is none: a job that waits is one that runs later, and one that runs out of descriptors half-way is one that has failed.
/// </summary>
/// <remarks>
/// The daemon itself must never be without a descriptor: the runtime opens a pipe for each thread it makes, and ends the process
/// when it cannot. So the room is smaller than the limit on open files, by what the daemon needs for itself and for connections.
/// </remarks>
public sealed class DescriptorRoom
{
    /// <summary>A job's pidfd, its cgroup, its stdout and stderr, its stdin while it is fed, and a spool file when it has written much.</summary>
    public const int PerJob = 6;

    private readonly Lock _gate = new();
    private readonly LinkedList<(int Count, TaskCompletionSource Entered)> _waiting = new();
    private long _capacity = long.MaxValue;
    private long _taken;

    /// <summary>How many descriptors may be open together; at least a job's.</summary>
    public long Capacity
    {
        get => Volatile.Read(ref _capacity);
        set
        {
            lock (_gate)
            {
                _capacity = Math.Max(PerJob, value);
            }

            Admit();
        }
    }

    /// <summary>How many are taken, and how many wait for some.</summary>
    public (long Taken, int Waiting) Held
    {
        get
        {
            lock (_gate)
            {
                return (_taken, _waiting.Count);
            }
        }
    }

    /// <summary>Takes room for so many descriptors, in the order in which it was asked for.</summary>
    /// <param name="count">How many; one that asks for more than there are gets in when nobody else is.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>The room, which is given back by disposing it.</returns>
    /// <exception cref="OperationCanceledException">The waiting was ended.</exception>
    public ValueTask<Place> EnterAsync(int count, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            if (_waiting.Count == 0 && HasRoom(count))
            {
                _taken += count;
                return ValueTask.FromResult(new Place(this, count));
            }
        }

        return new ValueTask<Place>(WaitAsync(count, cancellation));
    }

    /// <summary>Takes room for descriptors that are open already, also where there is none.</summary>
    /// <returns>The room, which is given back by disposing it.</returns>
    public Place Take(int count)
    {
        lock (_gate)
        {
            _taken += count;
        }

        return new Place(this, count);
    }

    private async Task<Place> WaitAsync(int count, CancellationToken cancellation)
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        LinkedListNode<(int, TaskCompletionSource)> node;
        lock (_gate)
        {
            node = _waiting.AddLast((count, entered));
        }

        Admit();
        await using (cancellation.Register(() => Leave(node, cancellation)))
        {
            await entered.Task;
        }

        return new Place(this, count);
    }

    private void Leave(LinkedListNode<(int Count, TaskCompletionSource Entered)> node, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (!node.Value.Entered.TrySetCanceled(cancellation))
            {
                return;
            }

            _waiting.Remove(node);
        }

        Admit();
    }

    private void Return(int count)
    {
        lock (_gate)
        {
            _taken -= count;
        }

        Admit();
    }

    // Under one lock with the leaving, so that a place is given to one who still waits for it.
    private void Admit()
    {
        lock (_gate)
        {
            while (_waiting.First is { } first && HasRoom(first.Value.Count))
            {
                _waiting.RemoveFirst();
                _taken += first.Value.Count;
                first.Value.Entered.TrySetResult();
            }
        }
    }

    private bool HasRoom(int count) => _taken == 0 || _taken + count <= _capacity;

    /// <summary>Room that was taken. Disposing it twice gives it back once.</summary>
    public sealed class Place : IDisposable
    {
        private readonly int _count;
        private DescriptorRoom? _room;

        internal Place(DescriptorRoom room, int count) => (_room, _count) = (room, count);

        /// <summary>Gives it back.</summary>
        public void Dispose() => Interlocked.Exchange(ref _room, null)?.Return(_count);
    }
}
