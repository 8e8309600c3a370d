using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Doors.Coprocess;

namespace Kuid.Jobd.Tests.Start;

public sealed class DescriptorBudgetSpecs
{
    private static readonly DoorWishes All = new(10_000, Http: 1000, Coprocess: 100, Services: 1000, Registry: 1000);

    [Theory]
    [InlineData(10_000, 1_048_576, 50, 10_000)]
    [InlineData(10_000, 20_000, 60, 10_000)]
    [InlineData(10_000, 1024, 50, 635)]
    [InlineData(10_000, 256, 100, 69)]
    [InlineData(10_000, 256, 220, 1)]
    [InlineData(10_000, 64, 60, 1)]
    [InlineData(10_000, 64, 600, 1)]
    [InlineData(200, 1024, 50, 200)]
    [InlineData(1, 1024, 50, 1)]
    [InlineData(10_000, int.MaxValue, 50, 10_000)]
    [InlineData(1_000_000, long.MaxValue, 0, 1_000_000)]
    public void As_many_connections_as_are_wanted_or_as_three_quarters_of_the_open_files_allow(int wanted, long limit, long open, int connections) =>
        DescriptorBudget.For(new DoorWishes(wanted), limit, open).Sockproc.Should().Be(connections);

    [Fact]
    public void What_is_open_the_reserve_the_connections_and_the_jobs_always_fit()
    {
        const long Open = 100;
        for (long limit = 400; limit < 40_000; limit += 37)
        {
            DescriptorBudget budget = DescriptorBudget.For(All, limit, Open);
            long connections = budget.Sockproc + budget.Http + budget.Coprocess + budget.Services + budget.Registry;
            (Open + Math.Max(64, limit / 8) + connections + budget.Jobs).Should().BeLessThanOrEqualTo(limit, "of {0}", limit);
            budget.Jobs.Should().BeGreaterThanOrEqualTo((connections / 3) - 1, "a quarter is for jobs");
            (budget.Coprocess * CoprocessExchange.Descriptors).Should().BeLessThanOrEqualTo((int)Math.Max(CoprocessExchange.Descriptors, budget.Jobs / 2));
        }
    }

    [Fact]
    public void The_smaller_doors_take_an_eighth_at_most_each_when_there_are_not_enough_for_all()
    {
        DescriptorBudget few = DescriptorBudget.For(All, limit: 1024, open: 50);
        few.Should().BeEquivalentTo(new { Http = 71, Services = 71, Registry = 71, Coprocess = 13 });
        few.Sockproc.Should().BeInRange(300, 400);

        DescriptorBudget.For(All, 1_048_576, open: 50).Should().BeEquivalentTo(
            new { Sockproc = 10_000, Http = 1000, Coprocess = 100, Services = 1000, Registry = 1000 });
    }

    [Fact]
    public void Ten_thousand_idle_connections_of_all_doors_fit_twenty_thousand_open_files() =>
        DescriptorBudget.For(new DoorWishes(9000, Http: 1100, Coprocess: 280, Services: 900, Registry: 1000), limit: 20_000, open: 200)
            .Should().BeEquivalentTo(new { Sockproc = 9000, Http = 1100, Coprocess = 280, Services = 900, Registry = 1000 });

    [Fact]
    public void A_door_that_there_is_not_has_no_share_and_one_that_there_is_has_a_connection_whatever_the_limit()
    {
        DescriptorBudget.For(new DoorWishes(0, Http: 5), limit: 1024, open: 50).Should().BeEquivalentTo(
            new { Sockproc = 0, Http = 5, Coprocess = 0, Services = 0, Registry = 0 });
        DescriptorBudget.For(All, limit: 64, open: 600).Should().BeEquivalentTo(
            new { Sockproc = 1, Http = 1, Coprocess = 1, Services = 1, Registry = 1, Jobs = 0L });
        new DescriptorRoom { Capacity = 0 }.Capacity.Should().Be(DescriptorRoom.PerJob, "one job at a time runs whatever the limit");
    }

    [Fact]
    public void For_this_process_it_counts_what_is_open_now()
    {
        DescriptorBudget.For(new DoorWishes(1)).Sockproc.Should().Be(1);
        DescriptorBudget.For(new DoorWishes(int.MaxValue, Http: 1)).Sockproc.Should().BePositive();
    }
}
