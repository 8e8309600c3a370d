using Kuid.Jobd.Supervision;
using Kuid.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuid.Jobd.Tests.Supervision;

/// <summary>A daemon gives signs of life while all its parts work, and none while one does not.</summary>
public sealed class WatchdogSpecs
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private int _signs;

    [Fact]
    public async Task Signs_come_again_and_again_while_all_parts_answer()
    {
        await using Watchdog watchdog = Start(new VitalPart("one", () => Task.CompletedTask), new VitalPart("two", () => Task.Delay(1)));

        await Eventually.Holds(() => _signs > 5, "signs have come");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task None_comes_while_one_part_is_stuck_and_they_come_again_when_it_is_not(int stuckPart)
    {
        var stuck = new TaskCompletionSource();
        int asked = 0, askedOther = 0;
        VitalPart[] parts =
        [
            new("other", () => Task.FromResult(Interlocked.Increment(ref askedOther))),
            new("stuck", () => Interlocked.Increment(ref asked) == 3 ? stuck.Task : Task.CompletedTask),
        ];
        await using Watchdog watchdog = Start(stuckPart == 1 ? parts : [.. parts.Reverse()]);

        await Eventually.Holds(() => asked == 3 && askedOther > 10, "one is stuck and the other is asked on");
        int before = _signs;
        int rounds = askedOther;
        await Eventually.Holds(() => askedOther > rounds + 5, "time passes");
        _signs.Should().Be(before);
        asked.Should().Be(3, "whoever is stuck is not asked more and more");

        stuck.SetResult();
        await Eventually.Holds(() => _signs > before + 2, "signs come again");
    }

    [Fact]
    public async Task A_part_that_has_failed_is_no_sign_of_life()
    {
        int asked = 0;
        await using Watchdog watchdog = Start(new VitalPart("broken", () =>
        {
            asked++;
            return Task.FromException(new InvalidOperationException("closed"));
        }));

        await Eventually.Holds(() => asked > 5, "it was asked");
        _signs.Should().Be(0);
    }

    private Watchdog Start(params VitalPart[] parts) =>
        Watchdog.Start(Interval, parts, () => Interlocked.Increment(ref _signs), TimeProvider.System, NullLogger.Instance);
}
