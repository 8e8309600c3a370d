using System.Globalization;

namespace Kuid.Daemon.Tests;

/// <summary>Without --foreground: the parent returns when the daemon is ready, and the daemon holds on to nothing.</summary>
public sealed class DetachedStartSpecs
{
    [Fact]
    public async Task The_parent_returns_only_when_the_port_accepts()
    {
        for (int round = 0; round < 8; round++)
        {
            await using var daemon = new DetachedDaemon();
            string port = TestDaemon.FreePort();
            (await daemon.Start(port)).Should().BeEquivalentTo(new ToolRun(0, [], string.Empty));

            (await SockprocClient.Run(port, "echo up")).Text.Should().Be("up\n");
            await daemon.Stop();
        }
    }

    [Fact]
    public async Task The_parent_returns_only_when_the_Unix_socket_accepts()
    {
        for (int round = 0; round < 8; round++)
        {
            await using var daemon = new DetachedDaemon();
            (await daemon.Start(daemon.Folder["s"])).ExitCode.Should().Be(0);

            (await SockprocClient.Run(daemon.Folder["s"], "echo up")).Text.Should().Be("up\n");
            await daemon.Stop();
        }
    }

    [Fact]
    public async Task The_daemon_has_the_null_device_as_stdio_its_own_session_and_the_root_as_folder()
    {
        await using var daemon = new DetachedDaemon();
        await daemon.Start(daemon.Folder["s"]);

        foreach (int fd in (int[])[0, 1, 2])
        {
            new FileInfo($"/proc/{daemon.Pid}/fd/{fd}").LinkTarget.Should().Be("/dev/null", "of descriptor {0}", fd);
        }

        new FileInfo($"/proc/{daemon.Pid}/cwd").LinkTarget.Should().Be("/");
        Session(daemon.Pid).Should().Be(daemon.Pid);
        (await SockprocClient.Run(daemon.Folder["s"], "pwd")).Text.Should().Be("/\n");
    }

    [Fact]
    public async Task A_leftover_of_another_start_in_the_environment_does_not_confuse_it()
    {
        await using var daemon = new DetachedDaemon();
        ToolRun start = await daemon.Launch(
            [daemon.Folder["s"], daemon.Pidfile, "--data", daemon.Folder["data"]],
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["KUID_DETACHED"] = "7777" });

        start.Should().BeEquivalentTo(new ToolRun(0, [], string.Empty));
        (await SockprocClient.Run(daemon.Folder["s"], "echo up")).Text.Should().Be("up\n");
    }

    [Fact]
    public async Task Relative_paths_mean_what_they_meant_where_it_was_started()
    {
        await using var daemon = new DetachedDaemon();
        TempFolder folder = daemon.Folder;
        File.WriteAllText(folder["c"], "log-level = debug\n");
        string here = $"../{daemon.Name}";
        ToolRun start = await daemon.Launch(["s", "pid", "--data", $"{here}/data", "--config", "c", "--grace", "600"]);
        start.Should().BeEquivalentTo(new ToolRun(0, [], string.Empty));
        (await SockprocClient.Run(folder["s"], "echo up")).Text.Should().Be("up\n");
        await Eventually.Holds(() => daemon.Log.Contains("job 1:", StringComparison.Ordinal), "the log has a line of level debug");

        File.WriteAllText(folder["c"], "log-level = loud\n");
        await DetachedDaemon.Signal("HUP", daemon.Pid);
        await Eventually.Holds(() => daemon.Log.Contains($"{folder["c"]}: log-level", StringComparison.Ordinal), "the same file is read again");

        await daemon.Stop();
        Directory.GetFiles(folder.Path).Should().BeEquivalentTo(folder["c"]);
    }

    [Fact]
    public async Task The_log_is_in_the_data_folder_and_the_pidfile_holds_digits_only()
    {
        await using var daemon = new DetachedDaemon();
        await daemon.Start(daemon.Folder["s"]);

        string text = await File.ReadAllTextAsync(daemon.Pidfile, TestContext.Current.CancellationToken);
        text.Should().MatchRegex("^[0-9]+$").And.NotEndWith("\n");
        daemon.Processes.Should().Equal(int.Parse(text, CultureInfo.InvariantCulture));
        await Eventually.Holds(() => daemon.Log.Contains($"ready, pid {text}, data folder {daemon.Folder["data"]}", StringComparison.Ordinal), "it is logged");
        File.GetUnixFileMode(daemon.Folder["data"]).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task TERM_removes_socket_lock_and_pidfile()
    {
        await using var daemon = new DetachedDaemon();
        await daemon.Start(daemon.Folder["s"]);
        Directory.GetFileSystemEntries(daemon.Folder.Path).Should().HaveCount(4, "socket, lock, pidfile and data folder are there");

        await daemon.Stop();

        Directory.GetFileSystemEntries(daemon.Folder.Path).Should().Equal(daemon.Folder["data"]);
        File.Exists(Path.Combine(daemon.Folder["data"], "lock")).Should().BeFalse();
        daemon.Log.TrimEnd().Should().EndWith("stopped");
    }

    [Fact]
    public async Task Row_10_after_kill_9_it_starts_again_over_the_stale_socket()
    {
        await using var daemon = new DetachedDaemon();
        await daemon.Start(daemon.Folder["s"]);
        await DetachedDaemon.Signal("KILL", daemon.Pid);
        await daemon.Gone();
        File.Exists(daemon.Folder["s"]).Should().BeTrue("otherwise there is nothing stale");
        File.Exists(daemon.Pidfile).Should().BeTrue("otherwise there is nothing stale");

        (await daemon.Start(daemon.Folder["s"])).Should().BeEquivalentTo(new ToolRun(0, [], string.Empty));

        (await SockprocClient.Run(daemon.Folder["s"], "echo up")).Text.Should().Be("up\n");
        daemon.Processes.Should().Equal(daemon.Pid);
    }

    // pid (comm) state ppid pgrp session ...
    private static int Session(int pid)
    {
        string stat = File.ReadAllText($"/proc/{pid}/stat");
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[3], CultureInfo.InvariantCulture);
    }
}
