using Kuid.Jobd.Core.Jobs.Waiting;

namespace Kuid.Jobd.Core.Tests.Jobs.Waiting;

public sealed class BackoffSpecs
{
    [Theory]
    [InlineData(1, 3, 1.0, 3)]
    [InlineData(2, 3, 1.0, 6)]
    [InlineData(5, 3, 1.0, 48)]
    [InlineData(5, 3, 0.0, 24)]
    [InlineData(3, 3, 0.5, 9)]
    [InlineData(100, 3, 1.0, 3600)]
    [InlineData(100, 3, 0.0, 1800)]
    [InlineData(7, 0, 1.0, 0)]
    public void It_doubles_up_to_an_hour_and_chance_takes_up_to_half_of_it(int attempt, int first, double chance, double seconds) =>
        new Backoff(() => chance).After(attempt, TimeSpan.FromSeconds(first)).Should().Be(TimeSpan.FromSeconds(seconds));
}
