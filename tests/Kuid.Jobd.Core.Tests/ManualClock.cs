namespace Kuid.Jobd.Core.Tests;

/// <summary>
/// A clock that a test moves. Timers that became due fire within <see cref="Advance"/>, in the order of their times, as the
/// timers of the engine do: on whichever thread it is.
/// </summary>
/// <param name="start">Where the clock on the wall begins; null for some moment.</param>
internal sealed class ManualClock(DateTime? start = null) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly DateTimeOffset _start = start is { } utc ? new(utc, TimeSpan.Zero) : new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private TimeSpan _elapsed;
    private TimeSpan _set;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How many timers wait, so that a test can advance after the engine has set its own.</summary>
    internal int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _timers.Count;
            }
        }
    }

    public override DateTimeOffset GetUtcNow() => _start + Elapsed() + _set;

    public override long GetTimestamp() => Elapsed().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Sets the clock on the wall, forward or back; no time passes.</summary>
    internal void Set(TimeSpan by) => _set += by;

    internal void Advance(TimeSpan by)
    {
        List<ManualTimer> due;
        lock (_gate)
        {
            _elapsed += by;
            due = [.. _timers.Where(timer => timer.Due <= _elapsed).OrderBy(timer => timer.Due)];
            _timers.RemoveAll(due.Contains);
            _timers.AddRange(due.Where(timer => timer.IsDueAgainAfter(_elapsed)));
        }

        due.ForEach(timer => timer.Fire());
    }

    private TimeSpan Elapsed()
    {
        lock (_gate)
        {
            return _elapsed;
        }
    }

    private sealed class ManualTimer(ManualClock clock, Action fire) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        internal TimeSpan Due { get; private set; }

        /// <summary>Sets a periodic timer anew: once, however many of its times have gone by.</summary>
        internal bool IsDueAgainAfter(TimeSpan elapsed)
        {
            Due = elapsed + _period;
            return _period != Timeout.InfiniteTimeSpan;
        }

        internal void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
                _period = period;
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Due = clock._elapsed + dueTime;
                    clock._timers.Add(this);
                }
            }

            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
