namespace Kuid.Sysreqd.Tests.Pool;

public sealed class ManyConnectionsSpecs
{
    private const int Many = 64;

    [Fact]
    public async Task As_many_as_come_are_served_at_the_same_time()
    {
        await using Server server = await Server.Start();
        Connection[] connections = [.. Enumerable.Range(0, Many).Select(_ => server.Connect())];
        try
        {
            int[] pids = [.. connections.Select(c => c.ServingPid())];

            pids.Should().OnlyHaveUniqueItems("each has a process of its own");
            connections.Select(c => c.ServingPid()).Should().Equal(pids);
            await Eventually.Holds(
                () => server.Children.Count == Many + Server.PoolSize, "as many as ever wait for the next");
        }
        finally
        {
            Array.ForEach(connections, c => c.Dispose());
        }

        await Eventually.Holds(() => server.Children.Count == Server.PoolSize, "the pool alone is left");
        ProcessTable.Zombies(server.Pid).Should().BeEmpty();
    }

    [Fact]
    public async Task One_after_the_other_leaves_nothing_behind()
    {
        await using Server server = await Server.Start();
        for (int i = 0; i < 200; i++)
        {
            using Connection connection = server.Connect();
            connection.ServingPid().Should().NotBe(server.Pid);
        }

        await Eventually.Holds(() => server.Children.Count == Server.PoolSize, "the pool alone is left");
    }

    [Fact]
    public async Task A_connection_is_nobody_elses_process()
    {
        await using Server server = await Server.Start();
        using Connection one = server.Connect(), other = server.Connect();
        long scratch = one.Allocate(1);
        one.Upload(scratch, "mine"u8.ToArray()).Should().Be(4);

        other.Download(scratch, 4).Reply.Should().Be(Errno.Fault);
        one.Download(scratch, 4).Bytes.Should().Equal("mine"u8.ToArray());
    }
}
