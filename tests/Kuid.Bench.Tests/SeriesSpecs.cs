using Kuid.Bench.Load;
using Kuid.Bench.Statistics;

namespace Kuid.Bench.Tests;

public sealed class SeriesSpecs
{
    [Fact]
    public void The_median_of_an_odd_number_of_rounds_is_the_middle_one()
    {
        var series = new Series([9, 1, 5]);

        (series.Median, series.Lowest, series.Highest).Should().Be((5, 1, 9));
    }

    [Fact]
    public void The_median_of_an_even_number_of_rounds_lies_between_the_two_in_the_middle() =>
        new Series([9, 1, 5, 4]).Median.Should().Be(4.5);

    [Fact]
    public void Ratios_are_taken_within_a_round_so_that_drift_cancels_out()
    {
        Series ratio = new Series([100, 200, 400]).Over(new Series([50, 100, 200]));

        (ratio.Median, ratio.Lowest, ratio.Highest).Should().Be((2, 2, 2));
    }

    [Theory]
    [InlineData(50, 50)]
    [InlineData(99, 99)]
    [InlineData(100, 100)]
    [InlineData(0.1, 1)]
    public void A_percentile_is_the_smallest_value_that_so_many_are_not_above(double percent, double expected) =>
        Percentile.Of([.. Enumerable.Range(1, 100).Reverse().Select(each => (double)each)], percent).Should().Be(expected);

    [Fact]
    public async Task Contenders_change_places_with_every_round_and_the_first_round_does_not_count()
    {
        var order = new List<string>();
        Contender Of(string name, double rate) => new(name, _ =>
        {
            order.Add(name);
            return Task.FromResult(new Figures(order.Count <= 2 ? 0 : rate));
        });

        Rounds rounds = await Rounds.RunAsync(2, [Of("a", 10), Of("b", 20)], CancellationToken.None);

        order.Should().Equal("a", "b", "b", "a", "a", "b");
        rounds.Of("a", run => run.Rate)!.Lowest.Should().Be(10);
        rounds.Of("b", run => run.Rate)!.Lowest.Should().Be(20);
        rounds.Of("c", run => run.Rate).Should().BeNull("nobody of that name took part");
    }
}
