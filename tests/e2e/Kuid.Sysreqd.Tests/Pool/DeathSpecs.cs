namespace Kuid.Sysreqd.Tests.Pool;

public sealed class DeathSpecs
{
    [Fact]
    public async Task A_serving_process_that_is_killed_takes_its_connection_and_no_other()
    {
        await using Server server = await Server.Start();
        using Connection one = server.Connect(), other = server.Connect();
        int pid = one.ServingPid();

        await Server.Send("KILL", pid);

        one.IsAtEnd().Should().BeTrue();
        other.ServingPid().Should().BePositive();
        using Connection next = server.Connect();
        next.ServingPid().Should().NotBe(pid);
        await Eventually.Holds(
            () => server.Children.Count == 2 + Server.PoolSize, "two serve and the pool is as large as before");
    }

    [Fact]
    public async Task A_serving_process_that_kills_itself_is_not_replaced_twice()
    {
        await using Server server = await Server.Start();
        for (int i = 0; i < 20; i++)
        {
            using Connection connection = server.Connect();
            connection.Send(Connection.Request(server.Abi.Kill, connection.ServingPid(), 11));
            connection.IsAtEnd().Should().BeTrue();
        }

        await Eventually.Holds(() => server.Children.Count == Server.PoolSize, "the pool is as large as before");
    }

    [Fact]
    public async Task A_waiting_process_that_is_killed_is_replaced()
    {
        await using Server server = await Server.Start();
        await Eventually.Holds(() => server.Children.Count == Server.PoolSize, "the pool is there");
        int[] before = [.. server.Children];

        foreach (int pid in before)
        {
            await Server.Send("KILL", pid);
        }

        await Eventually.Holds(
            () => server.Children.Count == Server.PoolSize && !server.Children.Intersect(before).Any(), "the pool is another one");
        using Connection connection = server.Connect();
        connection.ServingPid().Should().BePositive();
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task The_manager_ends_with_everything_that_is_its_own(string signal)
    {
        await using Server server = await Server.Start();
        using Connection connection = server.Connect();
        connection.ServingPid().Should().BePositive();
        int[] children = [.. server.Children];

        await server.Signal(signal);

        (await server.End()).ExitCode.Should().Be(0);
        File.Exists(server.Path).Should().BeFalse("the socket goes, too");
        connection.IsAtEnd().Should().BeTrue();
        await AreGone(children);
    }

    [Fact]
    public async Task A_manager_that_is_killed_takes_its_children_with_it()
    {
        await using Server server = await Server.Start();
        using Connection connection = server.Connect();
        connection.ServingPid().Should().BePositive();
        await Eventually.Holds(() => server.Children.Count == 1 + Server.PoolSize, "one serves and the pool waits");
        int[] children = [.. server.Children];

        await server.Signal("KILL");

        (await server.End()).ExitCode.Should().Be(128 + 9);
        connection.IsAtEnd().Should().BeTrue();
        await AreGone(children);
    }

    [Fact]
    public async Task A_child_that_is_asked_to_end_leaves_the_socket()
    {
        await using Server server = await Server.Start();
        using Connection connection = server.Connect();

        await Server.Send("TERM", connection.ServingPid());

        connection.IsAtEnd().Should().BeTrue();
        File.Exists(server.Path).Should().BeTrue();
        using Connection next = server.Connect();
        next.ServingPid().Should().BePositive();
    }

    private static async Task AreGone(int[] pids)
    {
        pids.Should().NotBeEmpty();
        await Eventually.Holds(() => !pids.Any(ProcessTable.IsAlive), "the children are gone");
    }
}
