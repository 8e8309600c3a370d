using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Doors;

/// <summary>The connections of one door that have said nothing valid yet, in the order in which they came.</summary>
/// <remarks>
/// Connecting costs a client nothing, so silent ones can come by the thousand, and each has a deadline's time. They may hold nine tenths
/// of the places; the one that comes then, or when the door is full, takes the place of whoever has been silent for longest (OpenSSH's
/// MaxStartups drops by chance; this spares those who speak as soon as they are connected). So they cannot keep others out: whoever says
/// its request has a place as soon as it has connected.
/// </remarks>
/// <param name="door">What log lines call the door.</param>
/// <param name="connections">How many connections the door serves at once.</param>
internal sealed class Newcomers(string door, int connections, ILogger log)
{
    /// <summary>So many that are being dropped may still be open, for a moment, when those are served that came in their places.</summary>
    internal const int DroppedAtOnce = 32;

    // This part of the places is kept for those who have spoken.
    private const int SpokenShare = 10;

    private readonly Lock _gate = new();
    private readonly LinkedList<Newcomer> _silent = new();
    private readonly int _most = connections - (connections / SpokenShare);
    private long _told;
    private int _dropped;

    /// <summary>How many have said nothing yet.</summary>
    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _silent.Count;
            }
        }
    }

    /// <summary>Adds one that has just connected; when there are too many, the one that has been silent for longest is dropped.</summary>
    internal Newcomer Enter()
    {
        var newcomer = new Newcomer(this);
        Newcomer? dropped = null;
        lock (_gate)
        {
            newcomer.Place = _silent.AddLast(newcomer);
            if (_silent.Count > _most)
            {
                dropped = TakeFirst();
            }
        }

        Drop(dropped);
        return newcomer;
    }

    /// <summary>Makes room for one that has just connected where there is none.</summary>
    /// <returns>Whether somebody was silent, and so has been dropped.</returns>
    internal bool TryDropOldest()
    {
        Newcomer? dropped;
        lock (_gate)
        {
            dropped = TakeFirst();
        }

        Drop(dropped);
        return dropped is not null;
    }

    /// <summary>Takes one out that has said something, or is gone.</summary>
    internal void Leave(Newcomer newcomer)
    {
        lock (_gate)
        {
            if (newcomer.Place is { } place)
            {
                _silent.Remove(place);
                newcomer.Place = null;
            }
        }
    }

    private Newcomer? TakeFirst()
    {
        if (_silent.First is not { } first)
        {
            return null;
        }

        _silent.RemoveFirst();
        first.Value.Place = null;
        return first.Value;
    }

    // One line a second: a flood of connections is not to be one of lines.
    private void Drop(Newcomer? newcomer)
    {
        if (newcomer is null)
        {
            return;
        }

        newcomer.Drop();
        Interlocked.Increment(ref _dropped);
        long told = Interlocked.Read(ref _told);
        if ((told == 0 || Stopwatch.GetElapsedTime(told) > TimeSpan.FromSeconds(1))
            && Interlocked.CompareExchange(ref _told, Stopwatch.GetTimestamp(), told) == told)
        {
            Log.NewcomersDropped(log, door, Interlocked.Exchange(ref _dropped, 0));
        }
    }
}

/// <summary>A connection that has said nothing valid yet.</summary>
internal sealed class Newcomer : IDisposable
{
    private readonly Newcomers _others;
    private readonly CancellationTokenSource _dropped = new();

    internal Newcomer(Newcomers others) => _others = others;

    /// <summary>Is cancelled when its place is given to another.</summary>
    internal CancellationToken Dropped => _dropped.Token;

    /// <summary>Where it stands among the others; null when it is not one of them any more.</summary>
    internal LinkedListNode<Newcomer>? Place { get; set; }

    /// <summary>It has said what a client of this door has to say, and is nobody to be dropped.</summary>
    internal void HasSpoken() => _others.Leave(this);

    /// <summary>Gives its place away. Whoever reads from it is told on the thread pool, not here in the accept loop.</summary>
    internal void Drop() => _ = _dropped.CancelAsync();

    /// <inheritdoc/>
    public void Dispose() => _others.Leave(this);
}
