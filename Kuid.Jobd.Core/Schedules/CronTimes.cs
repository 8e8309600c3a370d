namespace Kuid.Jobd.Core.Schedules;

/// <summary>When the minutes of a cron expression are, in a time zone.</summary>
/// <remarks>
/// <para>
/// Twice a year a clock on the wall shows some minutes never or twice, and what is right then depends on what was meant. Vixie cron
/// tells two kinds of expressions apart, and so does this:
/// </para>
/// <para>
/// One that names hours (<c>30 2 * * *</c>) is about the time of day, and its runs are neither lost nor doubled. A minute that the spring
/// change skips comes at the moment of the change, and several of them come there once; a minute that the autumn change repeats comes
/// the first time only.
/// </para>
/// <para>
/// One whose hour begins with <c>*</c> (<c>*/10 * * * *</c>, <c>15 * * * *</c>) is about the time between two runs. It comes whenever a
/// clock on the wall shows the minute: what is skipped is not made up for, as no time has passed, and what is repeated is repeated.
/// </para>
/// <para>
/// Changes of the offset are found by asking for the offsets of moments: the rules that .NET can enumerate are those of a database
/// format, and differ from what its conversions do.
/// </para>
/// </remarks>
public sealed class CronTimes(CronExpression expression, TimeZoneInfo zone)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    // No zone changes twice within it, so that a look at either end shows every change.
    private static readonly TimeSpan Stride = TimeSpan.FromHours(12);

    // Offsets are at most 14 hours: a time on the wall is a moment within as much of the same time in UTC.
    private static readonly TimeSpan FarthestOffset = TimeSpan.FromHours(14);

    /// <summary>The first time after a moment, both in UTC; null when the calendar of .NET ends before.</summary>
    public DateTime? After(DateTime moment)
    {
        if (moment < DateTime.MinValue + Stride + FarthestOffset || moment > DateTime.MaxValue - Stride - FarthestOffset)
        {
            return null;
        }

        DateTime utc = DateTime.SpecifyKind(moment, DateTimeKind.Utc);
        DateTime? next = expression.RunsThroughTheDay ? NextShown(utc) : NextNamed(utc);
        return next is { } found ? DateTime.SpecifyKind(found, DateTimeKind.Utc) : null;
    }

    /// <summary>The next time of an expression that is about the time of day.</summary>
    private DateTime? NextNamed(DateTime moment)
    {
        // Each minute of the calendar in turn: where the clock is set back, those that come again have been there already.
        DateTime? wall = Wall(moment);
        while (wall is { } from && expression.NextOnCalendar(from) is { } meant && meant < DateTime.MaxValue - FarthestOffset - Minute)
        {
            DateTime utc = FirstMoment(meant);
            if (utc > moment)
            {
                return utc;
            }

            wall = meant + Minute;
        }

        return null;
    }

    /// <summary>The next time that a clock on the wall shows a minute of the expression.</summary>
    private DateTime? NextShown(DateTime moment)
    {
        DateTime from = moment.AddTicks(1);
        while (expression.NextOnCalendar(Wall(from)) is { } meant && meant < DateTime.MaxValue - FarthestOffset - Stride)
        {
            DateTime utc = DateTime.SpecifyKind(meant - Offset(from), DateTimeKind.Utc);
            if (FirstChange(from, utc) is not { } change)
            {
                return utc;
            }

            // Up to the change nothing is shown that is meant; from there on the clock is another one.
            from = change;
        }

        return null;
    }

    /// <summary>The moment that a time on the wall is; the first of two; that of the change which skips it.</summary>
    private DateTime FirstMoment(DateTime wall)
    {
        var like = DateTime.SpecifyKind(wall, DateTimeKind.Utc);
        DateTime early = like - FarthestOffset, late = like + FarthestOffset;
        DateTime before = like - Offset(early), after = like - Offset(late);
        return Offset(before) == Offset(early) ? before
            : Offset(after) == Offset(late) ? after
            : Change(early, late);
    }

    /// <summary>The first change of the offset after one moment and not after another; null for none.</summary>
    private DateTime? FirstChange(DateTime from, DateTime to)
    {
        for (DateTime at = from; at < to;)
        {
            DateTime next = to - at > Stride ? at + Stride : to;
            if (Offset(next) != Offset(at))
            {
                return Change(at, next);
            }

            at = next;
        }

        return null;
    }

    /// <summary>The first moment of another offset, between two moments whose offsets differ.</summary>
    private DateTime Change(DateTime before, DateTime after)
    {
        TimeSpan old = Offset(before);
        while (after - before > TimeSpan.FromTicks(1))
        {
            DateTime middle = before + ((after - before) / 2);
            (before, after) = Offset(middle) == old ? (middle, after) : (before, middle);
        }

        return after;
    }

    private DateTime Wall(DateTime utc) => DateTime.SpecifyKind(utc + Offset(utc), DateTimeKind.Unspecified);

    private TimeSpan Offset(DateTime utc) => zone.GetUtcOffset(utc);
}
