using Kuid.Jobd.Core.Jobs.Waiting;

namespace Kuid.Jobd.Core.Tests.Jobs.Waiting;

public sealed class AlarmsSpecs
{
    private readonly ManualClock _clock = new();
    private readonly List<string> _rung = [];

    private DateTime Now => _clock.GetUtcNow().UtcDateTime;

    [Fact]
    public void They_ring_in_the_order_of_their_times_by_one_timer()
    {
        using var alarms = new Alarms(_clock);
        Set(alarms, 1, TimeSpan.FromSeconds(3));
        Set(alarms, 2, TimeSpan.FromSeconds(1));
        Set(alarms, 3, TimeSpan.FromSeconds(2));

        _clock.Waiting.Should().Be(1);
        _clock.Advance(TimeSpan.FromSeconds(1));
        _rung.Should().Equal("2");
        _clock.Advance(TimeSpan.FromSeconds(10));
        _rung.Should().Equal("2", "3", "1");
        (alarms.Count, _clock.Waiting).Should().Be((0, 0));
    }

    [Fact]
    public void A_moment_further_ahead_than_timers_reach_rings_when_it_comes_and_not_before()
    {
        using var alarms = new Alarms(_clock);
        Set(alarms, 1, TimeSpan.FromDays(100));

        for (int day = 0; day < 99; day++)
        {
            _clock.Advance(TimeSpan.FromDays(1));
        }

        _rung.Should().BeEmpty();
        _clock.Advance(TimeSpan.FromDays(1));
        _rung.Should().Equal("1");
    }

    [Fact]
    public void What_has_passed_rings_soon_and_never_within_the_call()
    {
        using var alarms = new Alarms(_clock);
        Set(alarms, 1, TimeSpan.FromSeconds(-5));

        _rung.Should().BeEmpty();
        _clock.Advance(TimeSpan.Zero);
        _rung.Should().Equal("1");
    }

    [Fact]
    public void One_that_was_taken_back_or_replaced_does_not_ring()
    {
        using var alarms = new Alarms(_clock);
        Set(alarms, 1, TimeSpan.FromSeconds(1));
        Set(alarms, 2, TimeSpan.FromSeconds(1));
        Set(alarms, 2, TimeSpan.FromSeconds(5));
        alarms.Remove(1);

        _clock.Advance(TimeSpan.FromSeconds(2));
        _rung.Should().BeEmpty();
        _clock.Advance(TimeSpan.FromSeconds(3));
        _rung.Should().Equal("2");
    }

    private void Set(Alarms alarms, long job, TimeSpan after) =>
        alarms.Set(job, AlarmKind.Due, Now + after, () => _rung.Add(job.ToString(System.Globalization.CultureInfo.InvariantCulture)));
}
