using System.Globalization;
using Kuid.Jobd.Core.Schedules;

namespace Kuid.Jobd.Core.Tests.Schedules;

public sealed class CronExpressionSpecs
{
    [Theory]
    [InlineData("", "it has 0 fields; there are five*")]
    [InlineData("* * * *", "it has 4 fields; there are five*")]
    [InlineData("0 * * * * *", "it has 6 fields; there are five*")]
    [InlineData("60 * * * *", "minute \"60\": allowed are 0 to 59, *")]
    [InlineData("* 24 * * *", "hour \"24\": allowed are 0 to 23, *")]
    [InlineData("* * 0 * *", "day of month \"0\": allowed are 1 to 31, *")]
    [InlineData("* * * 13 *", "month \"13\": allowed are 1 to 12, jan to dec, *")]
    [InlineData("* * * * 8", "day of week \"8\": allowed are 0 to 7, sun to sat, *")]
    [InlineData("* * * * mondey", "day of week \"mondey\": allowed are*")]
    [InlineData("* * ? * 1", "day of month \"?\": a field that may be anything is written \\*")]
    [InlineData("5/10 * * * *", "minute \"5/10\": a step needs \\* or a range; write 5-59/10")]
    [InlineData("*/0 * * * *", "minute \"\\*/0\": the step has to be 1 to 59")]
    [InlineData("*/5/2 * * * *", "minute \"\\*/5/2\": it has more than one step*")]
    [InlineData("* 22-2 * * *", "hour \"22-2\": the range ends before it begins; write 22-23,0-2")]
    [InlineData("1-2-3 * * * *", "minute \"1-2-3\": allowed are*")]
    [InlineData("1,,2 * * * *", "minute \"\": allowed are*")]
    [InlineData("-1 * * * *", "minute \"-1\": allowed are*")]
    [InlineData("+1 * * * *", "minute \"+1\": allowed are*")]
    [InlineData("0 0 L * *", "day of month \"L\": allowed are*")]
    [InlineData("@reboot", "there is no \"@reboot\"; there are @yearly,*")]
    [InlineData("0 0 30 2 *", "day of month \"30\": there is no such day in the month \"2\", so it would never come")]
    [InlineData("0 0 31 4,6,9,11 *", "day of month \"31\": there is no such day in the month \"4,6,9,11\"*")]
    public void What_is_no_expression_is_refused_with_its_field_its_value_and_what_is_allowed(string text, string message)
    {
        // In the patterns a star stands for anything, unless it is escaped.
        string pattern = message.Replace("\\*", "?", StringComparison.Ordinal);

        FluentActions.Invoking(() => CronExpression.Parse(text)).Should().Throw<FormatException>().WithMessage(pattern.EndsWith('*') ? pattern : pattern + "*");
    }

    [Theory]
    [InlineData("0 0 13 * 5", "02-06 02-13 02-20 02-27 03-06", "a day is in either field when neither begins with a star")]
    [InlineData("0 0 * * 5", "02-06 02-13 02-20 02-27 03-06", "a star leaves it to the other field")]
    [InlineData("0 0 13 * *", "02-13 03-13 04-13 05-13 06-13", "a star leaves it to the other field")]
    [InlineData("0 0 */10 * 0", "02-01 03-01 05-31 06-21 10-11", "a step of a star is a star: both have to match")]
    [InlineData("0 0 * * sun", "02-01 02-08 02-15 02-22 03-01", "a name is its number")]
    [InlineData("0 0 * * 7", "02-01 02-08 02-15 02-22 03-01", "Sunday is 7 too")]
    [InlineData("0 0 * * Fri-Sun", "02-01 02-06 02-07 02-08 02-13", "a range of names may end with Sunday")]
    [InlineData("0 0 1 JAN,jul *", "07-01 01-01 07-01 01-01 07-01", "names are names in any case")]
    [InlineData("@monthly", "02-01 03-01 04-01 05-01 06-01", "a nickname is an expression")]
    [InlineData("@yearly", "01-01 01-01 01-01 01-01 01-01", "a nickname is an expression")]
    [InlineData("0 0 1-10/4 2 *", "02-01 02-05 02-09 02-01 02-05", "a range may have a step")]
    [InlineData("0 0 31 * *", "03-31 05-31 07-31 08-31 10-31", "a month without the day has none")]
    public void The_days_of_an_expression_are_those_of_crontab(string text, string days, string because) =>
        string.Join(' ', After(text, new DateTime(2026, 2, 1), 5).Select(day => day.ToString("MM-dd", CultureInfo.InvariantCulture))).Should().Be(days, because);

    [Theory]
    [InlineData("*/25 9-10 * * *", "09:00 09:25 09:50 10:00 10:25 10:50")]
    [InlineData("5,1,5 0 * * *", "00:01 00:05")]
    [InlineData("59 23 * * *", "23:59")]
    [InlineData("\t0   12  *\t* *  ", "12:00")]
    [InlineData("0 */7 * * *", "00:00 07:00 14:00 21:00")]
    public void The_times_of_a_day_are_those_of_crontab(string text, string times) =>
        string.Join(' ', After(text, new DateTime(2026, 2, 1), 24).TakeWhile(time => time.Day == 1).Select(time => time.ToString("HH:mm", CultureInfo.InvariantCulture))).Should().Be(times);

    [Fact]
    public void A_day_that_comes_once_in_a_lifetime_is_found() =>
        After("0 0 29 2 */7", new DateTime(2073, 1, 1), 2).Should().Equal(
            [new DateTime(2088, 2, 29), new DateTime(2128, 2, 29)], "29 February is a Sunday every 28 years, and 2100 has none");

    [Fact]
    public void The_end_of_the_calendar_is_no_endless_search()
    {
        var expression = CronExpression.Parse("0 0 29 2 *");

        expression.NextOnCalendar(DateTime.MaxValue).Should().BeNull();
        expression.NextOnCalendar(new DateTime(9999, 1, 1)).Should().BeNull();
        new CronTimes(expression, TimeZoneInfo.Utc).After(DateTime.MaxValue).Should().BeNull();
    }

    private static List<DateTime> After(string text, DateTime from, int count)
    {
        var expression = CronExpression.Parse(text);
        var found = new List<DateTime>();
        while (found.Count < count && expression.NextOnCalendar(from) is { } next)
        {
            found.Add(next);
            from = next.AddMinutes(1);
        }

        return found;
    }
}
