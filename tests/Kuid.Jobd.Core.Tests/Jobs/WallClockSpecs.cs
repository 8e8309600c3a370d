using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Processes;
using Kuid.Jobd.Core.Storage;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Jobs;

/// <summary>Row 127: somebody sets the clock on the wall, an hour forward or back, while jobs run and wait.</summary>
public sealed class WallClockSpecs
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public static TheoryData<int> Hours => [1, -1];

    [Theory]
    [MemberData(nameof(Hours))]
    public async Task Row_127_a_timeout_comes_after_its_time_whatever_the_clock_on_the_wall_shows(int hours)
    {
        var clock = new ManualClock();
        await using var engine = new Engine(clock);
        Job job = engine.Child(["sleep-until-signal"], spec => spec with { Timeout = Limit });
        await job.Says("ready");

        clock.Set(TimeSpan.FromHours(hours));
        clock.Advance(Limit - TimeSpan.FromSeconds(1));
        job.EndRequested.IsCompleted.Should().BeFalse("no more than nine seconds have gone by");
        clock.Advance(TimeSpan.FromSeconds(1));

        (await job.Result()).Reason.Should().Be(JobReason.Timeout);
    }

    [Theory]
    [MemberData(nameof(Hours))]
    public async Task Row_127_a_duration_is_how_long_the_job_ran_and_its_times_are_those_of_the_wall_in_UTC(int hours)
    {
        var clock = new ManualClock();
        await using var engine = new Engine(clock);
        Job job = engine.Child(["sleep-until-signal"]);
        await job.Says("ready");
        DateTime started = clock.GetUtcNow().UtcDateTime;

        clock.Set(TimeSpan.FromHours(hours));
        clock.Advance(TimeSpan.FromSeconds(3));
        job.RequestEnd(JobReason.Canceled);
        await job.Result();

        JobRecord record = job.Snapshot();
        record.Duration.Should().Be(TimeSpan.FromSeconds(3));
        record.StartedAt.Should().Be(started);
        record.FinishedAt.Should().Be(started + TimeSpan.FromHours(hours) + TimeSpan.FromSeconds(3));
        (record.StartedAt!.Value.Kind, record.FinishedAt!.Value.Kind).Should().Be((DateTimeKind.Utc, DateTimeKind.Utc));
    }

    [Theory]
    [MemberData(nameof(Hours))]
    public async Task Row_127_the_grace_period_of_a_cancel_is_no_shorter_and_no_longer_for_it(int hours)
    {
        var clock = new ManualClock();
        await using var engine = new Engine(clock);
        Job job = engine.Child(["ignore-term"], spec => spec with { Grace = Limit });
        await job.Says("ready");
        job.RequestEnd(JobReason.Canceled);
        await job.Says("TERM");
        await Eventually.Holds(() => clock.Waiting > 0, "the grace period has begun", Reading.Limit);

        clock.Set(TimeSpan.FromHours(hours));
        clock.Advance(Limit - TimeSpan.FromSeconds(1));

        // Whoever was killed at this moment may be seen alive a moment longer, but has no answer.
        job.Signal(SignalNames.SIGTERM).Should().BeTrue();
        await job.Says("TERM\nTERM\n");
        job.Ended.IsCompleted.Should().BeFalse("a second of the grace period is left");
        clock.Advance(TimeSpan.FromSeconds(1));

        (await job.Result()).Status!.Value.Signal.Should().Be(9);
    }
}
