using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Kuid.Jobd.Core.Threads;

/// <summary>What a thread of its own is given to do: anybody puts, the thread takes, and sleeps while there is nothing.</summary>
/// <remarks>
/// <para>
/// Constraint: a task that a thread blocks on, a BlockingCollection and a SemaphoreSlim all yield some twenty times before they
/// sleep, and a reader of a channel is woken by way of the pool. With a job every half millisecond on two cores that took more
/// time than what the threads are there for.
/// </para>
/// <para>
/// Scheme: the items are in a channel, and beside it is a bell, on which the thread sleeps at once. A thread that rather
/// collects what comes for a while (<see cref="Collect"/>) is woken by nothing but what is urgent.
/// </para>
/// </remarks>
public sealed class Inbox<T>
{
    private readonly Channel<T> _items;
    private readonly object _bell = new();
    private bool _collects;
    private bool _isUrgent;
    private bool _isClosed;

    /// <summary>An inbox that is empty.</summary>
    /// <param name="most">How many items it takes at most; null for any number.</param>
    public Inbox(int? most = null) =>
        _items = most is { } bound ? Channel.CreateBounded<T>(bound) : Channel.CreateUnbounded<T>();

    /// <summary>Puts something in.</summary>
    /// <param name="urgent">Whether a thread that collects goes on at once.</param>
    /// <returns>False when it is full or closed.</returns>
    public bool TryPut(T item, bool urgent = true)
    {
        if (!_items.Writer.TryWrite(item))
        {
            return false;
        }

        lock (_bell)
        {
            if (urgent || !_collects)
            {
                _isUrgent = _collects;
                Monitor.Pulse(_bell);
            }
        }

        return true;
    }

    /// <summary>Takes something out, if there is anything.</summary>
    public bool TryTake([MaybeNullWhen(false)] out T item) => _items.Reader.TryRead(out item);

    /// <summary>Sleeps until there is something to take.</summary>
    /// <returns>False when nothing will be any more: it is closed, and empty.</returns>
    public bool Wait() => Wait(Timeout.InfiniteTimeSpan);

    /// <summary>Sleeps until there is something to take, at most for a time.</summary>
    /// <returns>False when nothing will be any more: it is closed, and empty.</returns>
    public bool Wait(TimeSpan time)
    {
        lock (_bell)
        {
            bool isInTime = true;
            while (isInTime && !_isClosed && !_items.Reader.TryPeek(out _))
            {
                // Whoever is woken and finds nothing was overtaken by another thread, and its time begins anew.
                isInTime = Monitor.Wait(_bell, time);
            }

            return !_isClosed || _items.Reader.TryPeek(out _);
        }
    }

    /// <summary>Sleeps for a time, unless something urgent is put: what comes meanwhile is there afterwards. One thread does so at a time.</summary>
    public void Collect(TimeSpan time)
    {
        lock (_bell)
        {
            _collects = true;
            bool isInTime = true;
            while (isInTime && !_isUrgent && !_isClosed)
            {
                isInTime = Monitor.Wait(_bell, time);
            }

            _collects = _isUrgent = false;
        }
    }

    /// <summary>Takes no more; what is in it can still be taken.</summary>
    /// <returns>Whether it was open.</returns>
    public bool Close()
    {
        lock (_bell)
        {
            _isClosed = true;
            Monitor.PulseAll(_bell);
            return _items.Writer.TryComplete();
        }
    }
}
