namespace Kuid.Jobd.Core.Schedules;

/// <summary>When something comes again and again: by a cron expression in a time zone, or every so many seconds.</summary>
public sealed class Recurrence
{
    /// <summary>The longest time between two in seconds: a leap year.</summary>
    public const long MostSeconds = 366L * 24 * 60 * 60;

    private readonly CronTimes? _cron;
    private readonly TimeSpan _every;
    private readonly DateTime _anchor;

    private Recurrence(CronTimes? cron, TimeSpan every, DateTime anchor, bool namesTimeOfDay)
    {
        _cron = cron;
        _every = every;
        _anchor = anchor;
        NamesTimeOfDay = namesTimeOfDay;
    }

    /// <summary>Whether it is about the time of day rather than about the time between two.</summary>
    internal bool NamesTimeOfDay { get; }

    /// <summary>By a cron expression.</summary>
    public static Recurrence OfCron(CronExpression expression, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(expression);
        return new Recurrence(new CronTimes(expression, zone), TimeSpan.Zero, DateTime.MinValue, !expression.RunsThroughTheDay);
    }

    /// <summary>Every so many seconds.</summary>
    /// <param name="seconds">1 to <see cref="MostSeconds"/>.</param>
    /// <param name="anchor">A moment from which they are counted, in both directions, UTC; itself one of them.</param>
    public static Recurrence OfSeconds(long seconds, DateTime anchor) => new(null, TimeSpan.FromSeconds(seconds), anchor, namesTimeOfDay: false);

    /// <summary>The first time after a moment, both UTC; null when the calendar of .NET ends before.</summary>
    public DateTime? After(DateTime moment) => _cron is { } cron ? cron.After(moment) : NextOfGrid(moment);

    private DateTime? NextOfGrid(DateTime moment)
    {
        long beyond = (moment - _anchor).Ticks % _every.Ticks;
        beyond += beyond < 0 ? _every.Ticks : 0;
        return moment <= DateTime.MaxValue - _every ? moment.AddTicks(_every.Ticks - beyond) : null;
    }
}
