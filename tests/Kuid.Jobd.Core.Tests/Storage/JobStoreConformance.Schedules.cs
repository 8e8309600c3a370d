using Kuid.Jobd.Core.Storage;

namespace Kuid.Jobd.Core.Tests.Storage;

/// <summary>Schedules.</summary>
public abstract partial class JobStoreConformance
{
    private static readonly ScheduleRecord EveryNight = new()
    {
        Name = "nightly",
        Definition = """{"cron":"0 4 * * *"}""",
        Principal = "uid:0",
        CreatedAt = new DateTime(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc),
    };

    [Fact]
    public void There_are_no_schedules_at_first() => Reader.Schedules().Should().BeEmpty();

    [Fact]
    public void Schedules_are_kept_by_name_with_everything_that_is_known_of_them()
    {
        var busy = new ScheduleRecord
        {
            Name = "busy",
            Definition = """{"everySeconds":1}""",
            Principal = "token",
            Paused = true,
            CreatedAt = EveryNight.CreatedAt,
            LastAt = EveryNight.CreatedAt.AddSeconds(1),
            LastJob = 41,
            LastError = "no",
            NextAt = EveryNight.CreatedAt.AddSeconds(2),
        };
        Store.PutSchedule(EveryNight);
        Store.PutSchedule(busy);

        Reader.Schedules().Should().Equal(busy, EveryNight);
        Reopen();
        Reader.Schedules().Should().Equal(busy, EveryNight);
    }

    [Fact]
    public void A_schedule_takes_the_place_of_one_of_the_same_name()
    {
        Store.PutSchedule(EveryNight with { LastJob = 1, LastError = "no" });
        Store.PutSchedule(EveryNight);

        Reader.Schedules().Should().Equal(EveryNight);
    }

    [Fact]
    public void A_schedule_is_removed_once()
    {
        Store.PutSchedule(EveryNight);

        Store.DeleteSchedule("nightly").Should().BeTrue();
        Store.DeleteSchedule("nightly").Should().BeFalse();

        Reader.Schedules().Should().BeEmpty();
    }
}
