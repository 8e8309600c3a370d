using Kuid.Sockproc.Tests.Clients;

namespace Kuid.Sockproc.Tests.Connections;

// Clients as processes of their own, killed with SIGKILL at the worst moments: the daemon's descriptors return to their level.
public sealed class KilledClientSpecs : IAsyncLifetime
{
    private const int Clients = 5;

    private TestDaemon? _daemon;
    private int _before;

    private TestDaemon Daemon => _daemon!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(ToolRun.Exists("socat"), "socat is not installed");
        _daemon = await TestDaemon.Start();
        await Daemon.Run("head -c 1000000 /dev/zero");
        _before = await DescriptorLevel.Of(Daemon);
    }

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }
    }

    [Fact]
    public async Task Row_79_a_client_killed_within_the_command_leaves_nothing_behind()
    {
        await KillAll("touch ran", _ => Eventually.Holds(
            () => ProcessTable.PassingDescriptors(Daemon.Pid) >= _before + Clients, "the daemon has accepted them"));

        await AsBefore();
        File.Exists(Daemon.Folder["ran"]).Should().BeFalse();
    }

    [Fact]
    public async Task Row_79_a_client_killed_within_stdin_leaves_nothing_behind()
    {
        await KillAll("cat > /dev/null; sleep 300\r\n1000000\r\nabc", _ => Eventually.Holds(
            () => ProcessTable.Children(Daemon.Pid).Count == Clients, "all jobs run"));

        await AsBefore();
    }

    [Fact]
    public async Task Row_79_a_client_killed_while_the_job_runs_leaves_nothing_behind()
    {
        await KillAll("until [ -e go ]; do sleep 0.05; done; head -c 1000000 /dev/zero\r\n0\r\n", _ => Eventually.Holds(
            () => ProcessTable.Children(Daemon.Pid).Count == Clients, "all jobs run"));

        await File.WriteAllTextAsync(Daemon.Folder["go"], string.Empty, TestContext.Current.CancellationToken);
        await AsBefore();
    }

    [Fact]
    public async Task Row_79_a_client_killed_within_the_reply_leaves_nothing_behind()
    {
        await KillAll("head -c 50000000 /dev/zero\r\n0\r\n", client => client.ReadOneByte());

        await AsBefore();
    }

    private async Task KillAll(string request, Func<Dialogue, Task> moment)
    {
        Dialogue[] clients = [.. Enumerable.Range(0, Clients).Select(_ => Dialogue.With("socat", "-", Daemon.Address))];
        foreach (Dialogue client in clients)
        {
            await client.Type(request);
        }

        foreach (Dialogue client in clients)
        {
            await moment(client);
        }

        foreach (Dialogue client in clients)
        {
            await client.Kill();
            client.Dispose();
        }
    }

    private async Task AsBefore()
    {
        await Eventually.Holds(() => ProcessTable.Children(Daemon.Pid).Count == 0, "no job is left");
        await Eventually.Holds(() => ProcessTable.PassingDescriptors(Daemon.Pid) <= _before, "no descriptor is left");
        (await Daemon.Answers(TimeSpan.FromSeconds(20))).Should().BeTrue();
        Daemon.Log.Should().NotContain("fault of the daemon");
    }
}
