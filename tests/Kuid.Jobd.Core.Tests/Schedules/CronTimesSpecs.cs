using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Kuid.Jobd.Core.Schedules;

namespace Kuid.Jobd.Core.Tests.Schedules;

public sealed class CronTimesSpecs
{
    private static readonly string[] Zones =
        ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "America/Havana", "Pacific/Apia", "Asia/Kathmandu"];

    // Where clocks are changed in 2026, and where Samoa left out a day.
    private static readonly string[] Changes =
        ["2026-03-29", "2026-10-25", "2026-03-08", "2026-11-01", "2026-04-04", "2026-10-03", "2026-02-15", "2026-03-22", "2011-12-30", "2026-06-15"];

    [Theory]
    [InlineData("Europe/Berlin", "30 2 * * *", "2026-03-28T00:00", "03-28T01:30 03-29T01:00 03-30T00:30", "a skipped time comes at the change")]
    [InlineData("Europe/Berlin", "30 2 * * *", "2026-10-24T00:00", "10-24T00:30 10-25T00:30 10-26T01:30", "a repeated time comes once, the first time")]
    [InlineData("Europe/Berlin", "30 2 * * *", "2026-10-25T01:10", "10-26T01:30", "nor does it come again for who asks between the two")]
    [InlineData("Europe/Berlin", "0,15,30 2 * * *", "2026-03-28T12:00", "03-29T01:00 03-30T00:00 03-30T00:15", "several skipped times are one")]
    [InlineData("Europe/Berlin", "0 2,3 * * *", "2026-03-28T12:00", "03-29T01:00 03-30T00:00 03-30T01:00", "a skipped time and the one it falls on are one")]
    [InlineData("Europe/Berlin", "0 3 * * *", "2026-03-28T12:00", "03-29T01:00 03-30T01:00", "the first time after the change is as ever")]
    [InlineData("Europe/Berlin", "*/10 2 * * *", "2026-03-28T12:00", "03-29T01:00 03-30T00:00", "a skipped hour is one time")]
    [InlineData("Europe/Berlin", "*/10 2 * * *", "2026-10-24T12:00", "10-25T00:00 10-25T00:10 10-25T00:20 10-25T00:30 10-25T00:40 10-25T00:50 10-26T01:00", "a repeated hour counts once")]
    [InlineData("Europe/Berlin", "*/30 * * * *", "2026-03-29T00:15", "03-29T00:30 03-29T01:00 03-29T01:30", "half an hour is half an hour")]
    [InlineData("Europe/Berlin", "*/30 * * * *", "2026-10-25T00:15", "10-25T00:30 10-25T01:00 10-25T01:30 10-25T02:00", "half an hour is half an hour")]
    [InlineData("Europe/Berlin", "15 * * * *", "2026-03-29T00:00", "03-29T00:15 03-29T01:15 03-29T02:15", "an hour is an hour")]
    [InlineData("Europe/Berlin", "15 * * * *", "2026-10-24T23:30", "10-25T00:15 10-25T01:15 10-25T02:15", "an hour is an hour")]
    [InlineData("Europe/Berlin", "0 */2 * * *", "2026-03-28T22:30", "03-28T23:00 03-29T02:00 03-29T04:00", "what no clock shows is not made up for")]
    [InlineData("Europe/Berlin", "0 */2 * * *", "2026-10-24T23:00", "10-25T00:00 10-25T01:00 10-25T03:00", "what a clock shows twice comes twice")]
    [InlineData("Europe/Berlin", "@daily", "2026-03-28T12:00", "03-28T23:00 03-29T22:00 03-30T22:00", "a day may have 23 hours")]
    [InlineData("America/New_York", "30 2 * * *", "2026-03-07T12:00", "03-08T07:00 03-09T06:30", "a skipped time comes at the change")]
    [InlineData("America/New_York", "30 1 * * *", "2026-10-31T12:00", "11-01T05:30 11-02T06:30", "a repeated time comes once, the first time")]
    [InlineData("America/New_York", "*/20 * * * *", "2026-11-01T05:30", "11-01T05:40 11-01T06:00 11-01T06:20 11-01T06:40 11-01T07:00", "twenty minutes are twenty minutes")]
    [InlineData("America/New_York", "*/20 * * * *", "2026-03-08T06:30", "03-08T06:40 03-08T07:00 03-08T07:20", "twenty minutes are twenty minutes")]
    [InlineData("America/New_York", "0 9 * * mon-fri", "2026-03-06T12:00", "03-06T14:00 03-09T13:00", "nine is nine on the wall")]
    [InlineData("Australia/Lord_Howe", "15 2 * * *", "2026-10-03T00:00", "10-03T15:30 10-04T15:15", "half an hour is skipped here")]
    [InlineData("Australia/Lord_Howe", "45 2 * * *", "2026-10-03T00:00", "10-03T15:45 10-04T15:45", "and only half an hour")]
    [InlineData("Australia/Lord_Howe", "45 1 * * *", "2026-04-04T00:00", "04-04T14:45 04-05T15:15", "half an hour is repeated here")]
    [InlineData("Australia/Lord_Howe", "15 1 * * *", "2026-04-04T00:00", "04-04T14:15 04-05T14:45", "and only half an hour")]
    [InlineData("Australia/Lord_Howe", "*/15 * * * *", "2026-04-04T14:20", "04-04T14:30 04-04T14:45 04-04T15:00 04-04T15:15 04-04T15:30", "a quarter is a quarter")]
    [InlineData("Australia/Lord_Howe", "*/15 * * * *", "2026-10-03T15:10", "10-03T15:15 10-03T15:30 10-03T15:45", "a quarter is a quarter")]
    [InlineData("UTC", "30 2 * * *", "2026-03-28T12:00", "03-29T02:30 03-30T02:30", "UTC does not change")]
    [InlineData("UTC", "*/30 1 * * *", "2026-10-25T00:00", "10-25T01:00 10-25T01:30 10-26T01:00", "UTC does not change")]
    public void A_change_of_the_clock_neither_loses_nor_doubles_a_time(string zone, string expression, string from, string times, string because)
    {
        string[] expected = times.Split(' ');

        Times(expression, zone, from).Take(expected.Length).Select(time => time.ToString("MM-dd'T'HH:mm", CultureInfo.InvariantCulture))
            .Should().Equal(expected, because);
    }

    [Fact]
    public void A_day_that_a_country_leaves_out_comes_at_its_end() =>
        Times("0 12 * * *", "Pacific/Apia", "2011-12-29T23:00").Take(2).Should().Equal(
            [new DateTime(2011, 12, 30, 10, 0, 0), new DateTime(2011, 12, 30, 22, 0, 0)], "Samoa had no 30 December 2011");

    [Fact]
    public void A_moment_is_not_its_own_next_one() =>
        Times("0 0 * * *", "UTC", "2026-01-01T00:00").First().Should().Be(new DateTime(2026, 1, 2));

    [Fact]
    public void Every_expression_in_every_zone_comes_when_a_walk_through_the_minutes_says() =>
        Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue - 1)), seed =>
        {
            var dice = new Random(seed);
            var reference = new CronReference(dice);
            var zone = TimeZoneInfo.FindSystemTimeZoneById(Zones[dice.Next(Zones.Length)]);
            DateTime from = Parse(Changes[dice.Next(Changes.Length)] + "T00:00").AddSeconds(dice.Next(-86_400, 86_400));
            List<DateTime> expected = reference.Times(zone, from, days: 3);

            CronExpression expression;
            try
            {
                expression = CronExpression.Parse(reference.Text);
            }
            catch (FormatException e) when (e.Message.Contains("never come", StringComparison.Ordinal))
            {
                expected.Should().BeEmpty($"\"{reference.Text}\" is refused, seed {seed}");
                return;
            }

            var times = new CronTimes(expression, zone);
            List<DateTime> actual = [];
            for (DateTime? at = times.After(from); at <= from.AddDays(3); at = times.After(at.Value))
            {
                actual.Add(at.Value);
            }

            actual.Should().Equal(expected, $"\"{reference.Text}\" in {zone.Id} from {from:s}Z, seed {seed}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));

    private static IEnumerable<DateTime> Times(string expression, string zone, string from)
    {
        var times = new CronTimes(CronExpression.Parse(expression), TimeZoneInfo.FindSystemTimeZoneById(zone));
        for (DateTime? at = times.After(Parse(from)); at is not null; at = times.After(at.Value))
        {
            yield return at.Value;
        }
    }

    private static DateTime Parse(string text) =>
        DateTime.ParseExact(text, "yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}
