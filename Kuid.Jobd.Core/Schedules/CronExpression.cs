using System.Numerics;

namespace Kuid.Jobd.Core.Schedules;

/// <summary>
/// A cron expression as crontab(5) describes it: minute, hour, day of month, month and day of week, or one of <c>@hourly</c>,
/// <c>@daily</c>, <c>@midnight</c>, <c>@weekly</c>, <c>@monthly</c>, <c>@yearly</c> and <c>@annually</c>. It says which minutes of a
/// calendar are meant; <see cref="CronTimes"/> says when those are in a time zone.
/// </summary>
/// <remarks>
/// A day has to be in both of its fields when one of them begins with <c>*</c>, and in either of them when none does: <c>0 0 13 * 5</c> is
/// every 13th and every Friday. That is a rule of Vixie cron's which everybody has learned by now.
/// </remarks>
public sealed class CronExpression
{
    // The calendar repeats after 400 years: what is on none of their days is on no day at all.
    private const int Cycle = 400;

    private static readonly Dictionary<string, string> Nicknames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["@yearly"] = "0 0 1 1 *",
        ["@annually"] = "0 0 1 1 *",
        ["@monthly"] = "0 0 1 * *",
        ["@weekly"] = "0 0 * * 0",
        ["@daily"] = "0 0 * * *",
        ["@midnight"] = "0 0 * * *",
        ["@hourly"] = "0 * * * *",
    };

    private readonly string _text;
    private readonly ulong _minutes;
    private readonly ulong _hours;
    private readonly ulong _daysOfMonth;
    private readonly ulong _months;
    private readonly ulong _daysOfWeek;
    private readonly bool _bothDays;

    private CronExpression(string text, string[] fields)
    {
        _text = text;
        _minutes = CronField.Minute.Parse(fields[0]);
        _hours = CronField.Hour.Parse(fields[1]);
        _daysOfMonth = CronField.DayOfMonth.Parse(fields[2]);
        _months = CronField.Month.Parse(fields[3]);
        ulong days = CronField.DayOfWeek.Parse(fields[4]);
        _daysOfWeek = (days >> 7) | days;
        _bothDays = fields[2].StartsWith('*') || fields[4].StartsWith('*');
        RunsThroughTheDay = fields[1].StartsWith('*');
    }

    /// <summary>Whether it names no hours: then it is about the time between two runs rather than about the time of day.</summary>
    internal bool RunsThroughTheDay { get; }

    /// <summary>Reads an expression.</summary>
    /// <exception cref="FormatException">It is none, or never comes; the message names the field, the value and what is allowed.</exception>
    public static CronExpression Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] fields = (Nicknames.GetValueOrDefault(text.Trim()) ?? text).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length > 0 && fields[0].StartsWith('@'))
        {
            throw new FormatException($"there is no \"{fields[0]}\"; there are {string.Join(", ", Nicknames.Keys)}");
        }

        if (fields.Length != 5)
        {
            throw new FormatException(
                $"it has {fields.Length} fields; there are five: minute, hour, day of month, month, day of week (0 4 * * mon-fri is 4:00 on weekdays)");
        }

        var expression = new CronExpression(text, fields);
        return expression.NextOnCalendar(new DateTime(2000, 1, 1)) is not null
            ? expression
            : throw new FormatException($"day of month \"{fields[2]}\": there is no such day in the month \"{fields[3]}\", so it would never come");
    }

    /// <summary>The expression as it was written.</summary>
    public override string ToString() => _text;

    /// <summary>Whether a minute is meant.</summary>
    internal bool Matches(DateTime minute) => HasDay(minute) && IsIn(_hours, minute.Hour) && IsIn(_minutes, minute.Minute);

    /// <summary>The first minute that is meant, at a moment of the calendar or after it; null when the calendar of .NET ends before.</summary>
    internal DateTime? NextOnCalendar(DateTime from)
    {
        if (from.TimeOfDay > new TimeSpan(23, 59, 0) && from.Date == DateTime.MaxValue.Date)
        {
            return null;
        }

        DateTime minute = from.Ticks % TimeSpan.TicksPerMinute == 0 ? from : new DateTime(from.Ticks - (from.Ticks % TimeSpan.TicksPerMinute)).AddMinutes(1);
        if (HasDay(minute) && NextInDay(minute.Hour, minute.Minute) is { } today)
        {
            return minute.Date + today;
        }

        int lastYear = Math.Min(minute.Year + Cycle, DateTime.MaxValue.Year);
        DateTime day = minute.Date;
        while (Following(day) is { } next && next.Year <= lastYear)
        {
            day = next;
            if (HasDay(day))
            {
                return day + NextInDay(0, 0);
            }
        }

        return null;
    }

    // The day after, or the first one of the month after when no day of this month is meant.
    private DateTime? Following(DateTime day)
    {
        int rest = IsIn(_months, day.Month) ? 1 : DateTime.DaysInMonth(day.Year, day.Month) - day.Day + 1;
        return day < DateTime.MaxValue.Date.AddDays(1 - rest) ? day.AddDays(rest) : null;
    }

    private bool HasDay(DateTime day)
    {
        bool ofMonth = IsIn(_daysOfMonth, day.Day);
        bool ofWeek = IsIn(_daysOfWeek, (int)day.DayOfWeek);
        return IsIn(_months, day.Month) && (_bothDays ? ofMonth && ofWeek : ofMonth || ofWeek);
    }

    private TimeSpan? NextInDay(int hour, int minute) =>
        IsIn(_hours, hour) && FirstFrom(_minutes, minute) is { } sameHour ? new TimeSpan(hour, sameHour, 0)
        : FirstFrom(_hours, hour + 1) is { } later ? new TimeSpan(later, FirstFrom(_minutes, 0)!.Value, 0)
        : null;

    private static bool IsIn(ulong set, int number) => ((set >> number) & 1) != 0;

    private static int? FirstFrom(ulong set, int number)
    {
        ulong rest = set >> number << number;
        return rest == 0 ? null : BitOperations.TrailingZeroCount(rest);
    }
}
