namespace Kuid.Jobd.Core.Jobs.Waiting;

/// <summary>What a job is woken for; it has at most one alarm of each kind.</summary>
internal enum AlarmKind
{
    /// <summary>It may start.</summary>
    Due,

    /// <summary>It may start no longer.</summary>
    Expiry,
}

/// <summary>Calls for jobs at moments of the wall clock, by one timer for all of them.</summary>
/// <remarks>
/// The moments are on disk and outlive the daemon, so the clock is the wall's, which may be set, and they may lie years ahead,
/// where timers end after 49 days. So the timer never sleeps for longer than <see cref="LongestSleep"/> and then looks at the
/// clock: a moment is at most that late, however the clock was set.
/// </remarks>
internal sealed class Alarms : IDisposable
{
    internal static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly SortedSet<Alarm> _byTime = new(Comparer<Alarm>.Create(static (a, b) => (a.Due, a.Number).CompareTo((b.Due, b.Number))));
    private readonly Dictionary<(long Job, AlarmKind Kind), Alarm> _byJob = [];
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;
    private long _lastNumber;

    internal Alarms(TimeProvider clock)
    {
        _clock = clock;
        _timer = clock.CreateTimer(_ => Ring(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many are set.</summary>
    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _byTime.Count;
            }
        }
    }

    /// <summary>Sets an alarm, in place of another of its kind.</summary>
    /// <param name="due">When, UTC; what has passed rings soon, but never within this call.</param>
    internal void Set(long job, AlarmKind kind, DateTime due, Action ring)
    {
        lock (_gate)
        {
            Drop(job, kind);
            var alarm = new Alarm(job, kind, due, ++_lastNumber, ring);
            _byJob[(job, kind)] = alarm;
            _byTime.Add(alarm);
            if (_byTime.Min == alarm)
            {
                Sleep();
            }
        }
    }

    /// <summary>Takes back the alarms of a job.</summary>
    internal void Remove(long job)
    {
        lock (_gate)
        {
            Drop(job, AlarmKind.Due);
            Drop(job, AlarmKind.Expiry);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Ring()
    {
        var due = new List<Alarm>();
        lock (_gate)
        {
            DateTime now = _clock.GetUtcNow().UtcDateTime;
            while (_byTime.Min is { } next && next.Due <= now)
            {
                Drop(next.Job, next.Kind);
                due.Add(next);
            }

            Sleep();
        }

        foreach (Alarm alarm in due)
        {
            alarm.Ring();
        }
    }

    private void Drop(long job, AlarmKind kind)
    {
        if (_byJob.Remove((job, kind), out Alarm? alarm))
        {
            _byTime.Remove(alarm);
        }
    }

    // In whole milliseconds as timers count, rounded up: one that rang early would only sleep again.
    private void Sleep()
    {
        TimeSpan sleep = Timeout.InfiniteTimeSpan;
        if (_byTime.Min is { } next)
        {
            TimeSpan left = next.Due - _clock.GetUtcNow().UtcDateTime;
            sleep = left <= TimeSpan.Zero ? TimeSpan.Zero
                : left >= LongestSleep ? LongestSleep
                : TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds));
        }

        _timer.Change(sleep, Timeout.InfiniteTimeSpan);
    }

    private sealed record Alarm(long Job, AlarmKind Kind, DateTime Due, long Number, Action Ring);
}
