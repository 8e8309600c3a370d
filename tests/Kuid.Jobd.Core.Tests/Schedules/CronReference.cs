using System.Globalization;

namespace Kuid.Jobd.Core.Tests.Schedules;

/// <summary>A random cron expression, and when it comes by a walk through every minute: the rules in the fewest words, at any price.</summary>
internal sealed class CronReference
{
    private readonly HashSet<int>[] _sets = new HashSet<int>[5];
    private readonly bool[] _stars = new bool[5];

    internal CronReference(Random dice)
    {
        (int First, int Last)[] fields = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 6)];
        string[] texts = new string[5];
        for (int i = 0; i < 5; i++)
        {
            // Days and months mostly free, or there would be nothing in a few days.
            bool free = i >= 2 && dice.Next(4) > 0;
            (texts[i], _sets[i], _stars[i]) = free ? Field("*", fields[i], 1) : Any(dice, fields[i]);
        }

        Text = string.Join(' ', texts);
    }

    internal string Text { get; }

    /// <summary>The times after a moment, for some days.</summary>
    internal List<DateTime> Times(TimeZoneInfo zone, DateTime from, int days)
    {
        List<DateTime> times = [];
        DateTime at = new DateTime(from.Ticks - (from.Ticks % TimeSpan.TicksPerMinute), DateTimeKind.Utc).AddDays(-2);
        DateTime highest = TimeZoneInfo.ConvertTimeFromUtc(at, zone);
        for (; at <= from.AddDays(days); at = at.AddMinutes(1))
        {
            DateTime wall = TimeZoneInfo.ConvertTimeFromUtc(at, zone);
            bool comes = _stars[1] ? IsMeant(wall) : IsAnyMeant(highest, wall);
            highest = wall > highest ? wall : highest;
            if (comes && at > from)
            {
                times.Add(at);
            }
        }

        return times;
    }

    // Minutes beyond the highest that a clock has shown so far: one as a rule, several in spring, none while autumn repeats.
    private bool IsAnyMeant(DateTime highest, DateTime wall)
    {
        for (DateTime minute = highest.AddMinutes(1); minute <= wall; minute = minute.AddMinutes(1))
        {
            if (IsMeant(minute))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsMeant(DateTime wall)
    {
        bool ofMonth = _sets[2].Contains(wall.Day), ofWeek = _sets[4].Contains((int)wall.DayOfWeek);
        return _sets[0].Contains(wall.Minute) && _sets[1].Contains(wall.Hour) && _sets[3].Contains(wall.Month)
            && (_stars[2] || _stars[4] ? ofMonth && ofWeek : ofMonth || ofWeek);
    }

    private static (string Text, HashSet<int> Set, bool Star) Any(Random dice, (int First, int Last) field)
    {
        int one = dice.Next(field.First, field.Last + 1), other = dice.Next(field.First, field.Last + 1);
        (int from, int to) = (Math.Min(one, other), Math.Max(one, other));
        int step = dice.Next(1, field.Last + 1);
        return dice.Next(5) switch
        {
            0 => Field("*", field, 1),
            1 => Field($"*/{Word(step)}", field, step),
            2 => Field($"{Word(from)}-{Word(to)}", (from, to), 1),
            3 => Field($"{Word(from)}-{Word(to)}/{Word(step)}", (from, to), step),
            _ => ($"{Word(to)},{Word(from)}", [from, to], Star: false),
        };
    }

    private static (string Text, HashSet<int> Set, bool Star) Field(string text, (int First, int Last) range, int step) =>
        (text, [.. Enumerable.Range(range.First, range.Last - range.First + 1).Where(i => (i - range.First) % step == 0)], text[0] == '*');

    private static string Word(int number) => number.ToString(CultureInfo.InvariantCulture);
}
