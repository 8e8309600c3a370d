namespace Kuid.Daemon.Tests;

/// <summary>Row 11: one daemon for a socket path and for a data folder; who comes second does no harm to who was first.</summary>
public sealed class OneDaemonSpecs
{
    private const int AlreadyRunning = 100;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Row_11_a_second_daemon_on_the_same_socket_exits_100_and_the_first_is_unharmed(bool foreground)
    {
        await using TestDaemon first = await TestDaemon.Start();
        await using var second = new DetachedDaemon();
        string inode = await Inode(first.Address);

        ToolRun run = await second.Launch(
            [first.Address, second.Pidfile, "--data", second.Folder["data"], .. (string[])(foreground ? ["--foreground"] : [])]);

        run.Should().BeEquivalentTo(new ToolRun(AlreadyRunning, [], $"kuid-jobd: {first.Address}: another kuid-jobd has this socket\n"));
        File.Exists(second.Pidfile).Should().BeFalse();
        (await Inode(first.Address)).Should().Be(inode);
        (await first.Run("echo up")).Text.Should().Be("up\n");
        (await first.Stop()).Should().Be(0);
        File.Exists(first.Address).Should().BeFalse();
    }

    [Fact]
    public async Task Row_11_a_second_daemon_does_not_touch_the_pidfile_of_the_first()
    {
        await using var daemon = new DetachedDaemon();
        await daemon.Start(daemon.Folder["s"]);
        int pid = daemon.Pid;

        (await daemon.Start(daemon.Folder["s"])).ExitCode.Should().Be(AlreadyRunning);
        (await daemon.Start(daemon.Folder["t"])).ExitCode.Should().Be(AlreadyRunning, "of the data folder");

        daemon.Pid.Should().Be(pid);
        daemon.Processes.Should().Equal(pid);
        File.Exists(daemon.Folder["t"]).Should().BeFalse();
        await daemon.Stop();
        File.Exists(daemon.Pidfile).Should().BeFalse();
    }

    [Fact]
    public async Task Row_11_a_socket_on_which_another_program_answers_is_left_alone()
    {
        await using var daemon = new DetachedDaemon();
        using var other = new System.Net.Sockets.Socket(
            System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        other.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(daemon.Folder["s"]));
        other.Listen();
        string inode = await Inode(daemon.Folder["s"]);

        ToolRun run = await daemon.Start(daemon.Folder["s"]);

        run.Should().BeEquivalentTo(
            new ToolRun(AlreadyRunning, [], $"kuid-jobd: {daemon.Folder["s"]}: another daemon answers on this socket\n"));
        (await Inode(daemon.Folder["s"])).Should().Be(inode);
        (await SockprocClient.Connect(daemon.Folder["s"])).Dispose();
    }

    [Theory]
    [InlineData("the same socket", false)]
    [InlineData("the same data folder", false)]
    [InlineData("the same socket, left by a killed daemon", true)]
    public async Task Row_11_of_twenty_that_start_at_once_exactly_one_wins(string contested, bool stale)
    {
        await using var daemon = new DetachedDaemon();
        if (stale)
        {
            await daemon.Start(daemon.Folder["s"]);
            await DetachedDaemon.Signal("KILL", daemon.Pid);
            await daemon.Gone();
        }

        bool sameSocket = contested.StartsWith("the same socket", StringComparison.Ordinal);
        ToolRun[] runs = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => daemon.Launch(
            [daemon.Folder[sameSocket ? "s" : $"s{i}"], daemon.Folder[$"pid{i}"], "--data", daemon.Folder[sameSocket ? $"data{i}" : "data"]])));

        int winner = Array.FindIndex(runs, run => run.ExitCode == 0);
        runs.Where((_, i) => i != winner).Should().OnlyContain(run => run.ExitCode == AlreadyRunning && run.Stderr.Contains("another kuid-jobd"));
        Directory.GetFiles(daemon.Folder.Path, "pid*").Should().BeEquivalentTo(
            stale ? [daemon.Pidfile, daemon.Folder[$"pid{winner}"]] : new[] { daemon.Folder[$"pid{winner}"] });
        int pid = daemon.Processes.Should().ContainSingle().Subject;
        string socket = daemon.Folder[sameSocket ? "s" : $"s{winner}"];
        (await SockprocClient.Run(socket, "echo up")).Text.Should().Be("up\n");

        await DetachedDaemon.Signal("TERM", pid);
        await daemon.Gone();
        File.Exists(socket).Should().BeFalse();
        File.Exists(socket + ".lock").Should().BeFalse();
    }

    [Fact]
    public async Task A_daemon_whose_socket_was_replaced_does_not_remove_the_new_one()
    {
        await using TestDaemon daemon = await TestDaemon.Start();
        File.Delete(daemon.Address);
        await File.WriteAllTextAsync(daemon.Address, "somebody else's", TestContext.Current.CancellationToken);

        (await daemon.Stop()).Should().Be(0);

        (await File.ReadAllTextAsync(daemon.Address, TestContext.Current.CancellationToken)).Should().Be("somebody else's");
    }

    private static async Task<string> Inode(string path) => (await ToolRun.Of("stat", ["-c", "%d:%i %Z", path])).Text;
}
