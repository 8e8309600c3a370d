namespace Kuid.Jobd.Tests.Start;

public sealed class DescriptorBudgetSpecs
{
    [Theory]
    [InlineData(10_000, 1_048_576, 50, 10_000)]
    [InlineData(10_000, 20_000, 60, 4360)]
    [InlineData(10_000, 1024, 50, 211)]
    [InlineData(10_000, 256, 100, 23)]
    [InlineData(10_000, 256, 220, 1)]
    [InlineData(10_000, 64, 60, 1)]
    [InlineData(10_000, 64, 600, 1)]
    [InlineData(200, 1024, 50, 200)]
    [InlineData(1, 1024, 50, 1)]
    [InlineData(10_000, int.MaxValue, 50, 10_000)]
    [InlineData(1_000_000, long.MaxValue, 0, 1_000_000)]
    public void As_many_connections_as_are_wanted_or_as_the_open_files_allow(int wanted, long limit, long open, int connections) =>
        DescriptorBudget.Connections(wanted, limit, open).Should().Be(connections);

    [Fact]
    public void Four_descriptors_a_connection_and_an_eighth_in_reserve_always_fit()
    {
        for (long limit = 200; limit < 20_000; limit += 37)
        {
            const long Open = 100;
            int connections = DescriptorBudget.Connections(int.MaxValue, limit, Open);
            if (connections > 1)
            {
                (Open + (4L * connections) + (limit / 8)).Should().BeLessThanOrEqualTo(limit);
            }
        }
    }

    [Theory]
    [InlineData(10_000, 1000, 1_048_576, 10_000, 1000)]
    [InlineData(10_000, 0, 1024, 211, 0)]
    [InlineData(10_000, 1000, 1024, 144, 47)]
    [InlineData(100, 1000, 1024, 100, 91)]
    [InlineData(10_000, 10, 1024, 181, 10)]
    [InlineData(10_000, 1000, 64, 1, 1)]
    public void HTTP_takes_a_quarter_at_most_when_there_are_not_enough_for_all(
        int wantedSockproc, int wantedHttp, long limit, int sockproc, int http) =>
        DescriptorBudget.Connections(wantedSockproc, wantedHttp, limit, open: 50).Should().Be((sockproc, http));

    [Theory]
    [InlineData(100, 1_048_576, 100)]
    [InlineData(100, 1024, 16)]
    [InlineData(100, 256, 4)]
    [InlineData(100, 20, 1)]
    [InlineData(3, 1024, 3)]
    public void Coprocess_connections_take_an_eighth_at_most_of_the_open_files_with_eight_each(int wanted, long limit, int connections) =>
        DescriptorBudget.Coprocess(wanted, limit).Should().Be((connections, 8L * connections));

    [Fact]
    public void For_this_process_it_counts_what_is_open_now()
    {
        DescriptorBudget.Connections(sockproc: 1, http: 0).Should().Be((1, 0));
        DescriptorBudget.Connections(int.MaxValue, http: 1).Sockproc.Should().BePositive();
    }
}
