using System.Globalization;
using Kuid.Jobd.Core.Schedules;
using Kuid.Jobd.Core.Storage;

namespace Kuid.Jobd.Core.Tests.Schedules;

/// <summary>When schedules make jobs, by a clock that the test moves.</summary>
public sealed class ScheduleTimesSpecs
{
    private static readonly DateTime Start = new(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    [Theory]
    [InlineData("Europe/Berlin", "30 2 * * *", "2026-03-28T00:00")]
    [InlineData("Europe/Berlin", "30 2 * * *", "2026-10-24T00:00")]
    [InlineData("Europe/Berlin", "0,15,30 2 * * *", "2026-03-28T12:00")]
    [InlineData("Europe/Berlin", "*/10 2 * * *", "2026-10-24T23:55")]
    [InlineData("Europe/Berlin", "*/30 * * * *", "2026-03-29T00:15")]
    [InlineData("Europe/Berlin", "*/30 * * * *", "2026-10-25T00:15")]
    [InlineData("America/New_York", "30 2 * * *", "2026-03-07T12:00")]
    [InlineData("America/New_York", "30 1 * * *", "2026-10-31T12:00")]
    [InlineData("America/New_York", "*/20 * * * *", "2026-11-01T05:30")]
    [InlineData("Australia/Lord_Howe", "15 2 * * *", "2026-10-03T00:00")]
    [InlineData("Australia/Lord_Howe", "45 1 * * *", "2026-04-04T00:00")]
    [InlineData("Australia/Lord_Howe", "*/15 * * * *", "2026-04-04T14:20")]
    [InlineData("UTC", "30 2 * * *", "2026-03-28T12:00")]
    public async Task A_schedule_makes_a_job_at_every_time_of_its_preview_and_at_no_other(string zone, string cron, string from)
    {
        DateTime start = DateTime.ParseExact(from, "yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
        await using var scheduling = new Scheduling(start);
        await scheduling.Put(Scheduling.Definition(cron, zone: zone));
        var preview = Recurrence.OfCron(CronExpression.Parse(cron), TimeZones.Find(zone));

        DateTime at = start;
        for (int i = 0; i < 6; i++)
        {
            long? before = scheduling.It.Record.LastJob;
            at = preview.After(at)!.Value;
            scheduling.It.Record.NextAt.Should().Be(at);
            await scheduling.MoveTo(at.AddSeconds(-1));
            scheduling.It.Record.LastJob.Should().Be(before, "it is not time yet");
            await scheduling.MoveTo(at);
            scheduling.It.Record.LastAt.Should().Be(at);
            scheduling.It.Record.LastJob.Should().NotBe(before);
            await scheduling.Ended(scheduling.It.Record.LastJob!.Value);
        }
    }

    [Fact]
    public async Task Seconds_are_counted_from_when_the_schedule_was_made()
    {
        await using var scheduling = new Scheduling(Start);
        await scheduling.Put(Scheduling.Definition(seconds: 90));

        await scheduling.MoveTo(Start.AddSeconds(91));

        scheduling.It.Record.LastJob.Should().NotBeNull();
        scheduling.It.Record.NextAt.Should().Be(Start.AddSeconds(180), "a moment's delay is not added up");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_the_times_that_were_missed_one_is_made_up_for_where_the_schedule_says_so(bool catchUp)
    {
        await using var scheduling = new Scheduling(Start);
        await scheduling.Put(Scheduling.Definition(seconds: 600, catchUp: catchUp));

        await scheduling.MoveBy(TimeSpan.FromHours(3.05));

        (scheduling.It.Record.LastJob is not null).Should().Be(catchUp);
        scheduling.It.Record.NextAt.Should().Be(Start.AddHours(3) + TimeSpan.FromSeconds(600));
        JobPage jobs = await scheduling.Jobs.ListAsync(new JobQuery { Limit = 10 });
        jobs.Jobs.Should().HaveCount(catchUp ? 1 : 0);
    }

    [Fact]
    public async Task A_time_that_is_served_late_by_less_than_a_minute_is_not_missed()
    {
        await using var scheduling = new Scheduling(Start);
        await scheduling.Put(Scheduling.Definition(seconds: 600));

        await scheduling.MoveBy(TimeSpan.FromSeconds(655));

        scheduling.It.Record.LastJob.Should().NotBeNull();
    }

    [Theory]
    [InlineData("30 3 * * *", 2.0, "01-03T03:30", "what has run today runs tomorrow")]
    [InlineData("30 3 * * *", 4.0, "01-02T03:30", "the clock was wrong, and the day is another")]
    [InlineData("*/10 * * * *", 2.0, "01-02T01:40", "the time between two is what counts")]
    public async Task A_schedule_goes_on_by_a_clock_that_was_set_back(string cron, double hours, string next, string because)
    {
        await using var scheduling = new Scheduling(Start);
        await scheduling.Put(Scheduling.Definition(cron));
        for (DateTime at = scheduling.It.Record.NextAt!.Value; at <= Start.Date.AddHours(3.5); at = scheduling.It.Record.NextAt!.Value)
        {
            await scheduling.MoveTo(at);
            await scheduling.Ended(scheduling.It.Record.LastJob!.Value);
        }

        scheduling.Now.Should().Be(Start.Date.AddHours(3.5));
        long last = scheduling.It.Record.LastJob!.Value;
        scheduling.Clock.Set(TimeSpan.FromHours(-hours));
        await scheduling.Service.LookAsync();

        scheduling.It.Record.NextAt!.Value.ToString("MM-dd'T'HH:mm", CultureInfo.InvariantCulture).Should().Be(next, because);
        await scheduling.MoveTo(scheduling.It.Record.NextAt!.Value);
        scheduling.It.Record.LastJob.Should().BeGreaterThan(last, "a time that comes again is another time");
    }

    [Fact]
    public async Task A_clock_that_is_set_is_looked_at_within_half_a_minute()
    {
        await using var scheduling = new Scheduling(Start);
        scheduling.Service.UntilNext().Should().Be(Timeout.InfiniteTimeSpan, "there is no schedule");

        await scheduling.Put(Scheduling.Definition("0 0 1 1 *"));
        scheduling.Service.UntilNext().Should().Be(TimeSpan.FromSeconds(30));

        await scheduling.Put(Scheduling.Definition(seconds: 7));
        scheduling.Service.UntilNext().Should().Be(TimeSpan.FromSeconds(7));
    }

    [Fact]
    public async Task The_loop_makes_jobs_until_it_is_stopped_and_hears_of_schedules_that_are_put_meanwhile()
    {
        await using var scheduling = new Scheduling(Start);
        using var stop = new CancellationTokenSource();
        Task loop = scheduling.Service.RunAsync(stop.Token);

        await scheduling.Put(Scheduling.Definition(seconds: 20));
        for (int runs = 0; runs < 3; runs++)
        {
            long? before = scheduling.It.Record.LastJob;
            await Kuid.TestKit.Eventually.Holds(
                () =>
                {
                    scheduling.Clock.Advance(TimeSpan.FromSeconds(1));
                    return scheduling.It.Record.LastJob != before;
                },
                "the next job is made");
            await scheduling.Ended(scheduling.It.Record.LastJob!.Value);
        }

        await stop.CancelAsync();
        await loop.WaitAsync(Reading.Limit);
    }
}
