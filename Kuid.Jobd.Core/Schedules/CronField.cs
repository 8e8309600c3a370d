using System.Globalization;

namespace Kuid.Jobd.Core.Schedules;

/// <summary>One of the five fields of a cron expression: the numbers it may have, their names, and how its text becomes a set of them.</summary>
/// <remarks>
/// The grammar of crontab(5), with names wherever numbers are allowed:
/// <code>
/// field := part *( "," part )
/// part  := ( "*" | value [ "-" value ] ) [ "/" step ]      a step needs * or a range
/// value := number | name
/// </code>
/// </remarks>
/// <param name="Name">What errors call it.</param>
/// <param name="First">The least number.</param>
/// <param name="Last">The greatest number.</param>
/// <param name="Names">Names of numbers, the first one's first; empty for none.</param>
internal sealed record CronField(string Name, int First, int Last, IReadOnlyList<string> Names)
{
    internal static readonly CronField Minute = new("minute", 0, 59, []);

    internal static readonly CronField Hour = new("hour", 0, 23, []);

    internal static readonly CronField DayOfMonth = new("day of month", 1, 31, []);

    internal static readonly CronField Month = new("month", 1, 12, ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]);

    /// <summary>Sunday is 0 and 7.</summary>
    internal static readonly CronField DayOfWeek = new("day of week", 0, 7, ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]);

    private string Allowed => string.Create(
        CultureInfo.InvariantCulture,
        $"allowed are {First} to {Last}{(Names.Count > 0 ? $", {Names[0]} to {Names[^1]}" : string.Empty)}, *, lists (1,3), ranges (1-5) and steps (*/2, 1-9/2)");

    /// <summary>The set that a text stands for, bit n for the number n.</summary>
    /// <exception cref="FormatException">It stands for none; the message names the field, the value and what is allowed.</exception>
    internal ulong Parse(string text)
    {
        ulong set = 0;
        foreach (string part in text.Split(','))
        {
            set |= ParsePart(part);
        }

        return set;
    }

    private ulong ParsePart(string part)
    {
        string[] halves = part.Split('/');
        if (halves.Length > 2)
        {
            throw Wrong(part, $"it has more than one step; {Allowed}");
        }

        (int from, int to) = ParseRange(part, halves[0]);
        int step = halves.Length == 1 ? 1 : ParseStep(part, halves[0], halves[1]);
        ulong set = 0;
        for (int i = from; i <= to; i += step)
        {
            set |= 1UL << i;
        }

        return set;
    }

    private (int From, int To) ParseRange(string part, string range)
    {
        if (range == "*")
        {
            return (First, Last);
        }

        string[] ends = range.Split('-');
        if (ends.Length > 2)
        {
            throw Wrong(part, Allowed);
        }

        int from = ParseValue(part, ends[0]);
        int to = ends.Length == 2 ? ParseValue(part, ends[1]) : from;

        // Sunday at the end of a range is the seventh day, whatever it is called: fri-sun.
        to = to == 0 && this == DayOfWeek && from > 0 ? Last : to;
        return from <= to ? (from, to) : throw Wrong(part, $"the range ends before it begins; write {range.Split('-')[0]}-{Last},{First}-{ends[1]}");
    }

    private int ParseValue(string part, string text)
    {
        if (text.Length is > 0 and <= 2 && text.All(char.IsAsciiDigit))
        {
            int number = int.Parse(text, CultureInfo.InvariantCulture);
            return number >= First && number <= Last ? number : throw Wrong(part, Allowed);
        }

        for (int i = 0; i < Names.Count; i++)
        {
            if (string.Equals(Names[i], text, StringComparison.OrdinalIgnoreCase))
            {
                return First + i;
            }
        }

        throw Wrong(part, text == "?" ? "a field that may be anything is written *" : Allowed);
    }

    private int ParseStep(string part, string range, string text)
    {
        if (range != "*" && !range.Contains('-', StringComparison.Ordinal))
        {
            throw Wrong(part, $"a step needs * or a range; write {range}-{Last}/{text}");
        }

        return text.Length is > 0 and <= 2 && text.All(char.IsAsciiDigit) && int.Parse(text, CultureInfo.InvariantCulture) is var step
            && step >= 1 && step <= Last
            ? step
            : throw Wrong(part, string.Create(CultureInfo.InvariantCulture, $"the step has to be 1 to {Last}"));
    }

    private FormatException Wrong(string part, string why) => new($"{Name} \"{part}\": {why}");
}
