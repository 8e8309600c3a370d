namespace Kuid.Daemon.Tests;

/// <summary>Rows 7 and 9: whoever started the daemon may have ignored or blocked signals, and may have closed its stdio.</summary>
public sealed class InheritedDispositionSpecs
{
    private const string IgnoringChildrenThenExec =
        "import os,signal,sys; signal.signal(signal.SIGCHLD, signal.SIG_IGN); os.execv(sys.argv[1], sys.argv[1:])";

    private const string BlockingAllThenExec =
        "import os,signal,sys; signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals()); os.execv(sys.argv[1], sys.argv[1:])";

    private static readonly Dictionary<string, string[]> Wrappers = new(StringComparer.Ordinal)
    {
        ["nohup"] = ["nohup"],
        ["stop signals ignored"] = ["sh", "-c", "trap '' TERM INT HUP QUIT; exec \"$@\"", "sh"],
        ["many signals ignored"] = ["sh", "-c", "trap '' TERM INT HUP QUIT CHLD PIPE USR1 TSTP TTOU; exec \"$@\"", "sh"],
        ["CHLD ignored"] = ["python3", "-c", IgnoringChildrenThenExec],
        ["all signals blocked"] = ["python3", "-c", BlockingAllThenExec],
        ["stdin closed"] = ["sh", "-c", "exec \"$@\" <&-", "sh"],
        ["stdin and stdout closed"] = ["sh", "-c", "exec \"$@\" <&- >&-", "sh"],
    };

    public static TheoryData<string> Ways => [.. Wrappers.Keys];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Rows_7_and_9_statuses_are_right_and_TERM_ends_it_however_it_was_started(string way)
    {
        string[] wrapper = Wrappers[way];
        Assert.SkipUnless(ToolRun.Exists(wrapper[0]), $"{wrapper[0]} is not on PATH");
        await using TestDaemon daemon = await TestDaemon.Start(wrapper: wrapper);

        (await daemon.Run("exit 7")).Status.Should().Be(1792);
        (await daemon.Run("kill -9 $$")).Status.Should().Be(9);
        (await daemon.Run("sh -c 'exit 3'; echo $?")).Text.Should().Be("3\n");
        await JobLoad.Run(daemon.Address, jobs: 100, atOnce: 10);
        await Eventually.Holds(() => ProcessTable.Zombies(daemon.Pid).Count == 0, "no zombie stays");

        (await daemon.Stop()).Should().Be(0);
        File.Exists(daemon.Address).Should().BeFalse();
    }

    [Fact]
    public async Task Row_9_HUP_reloads_under_nohup()
    {
        Assert.SkipUnless(ToolRun.Exists("nohup"), "nohup is not on PATH");
        await using TestDaemon daemon = await TestDaemon.Start(wrapper: ["nohup"]);

        await daemon.Signal("HUP");

        await Eventually.Holds(() => daemon.Log.Contains("configuration read again", StringComparison.Ordinal), "it reloads");
    }

    [Fact]
    public async Task Closed_stdio_does_not_make_a_socket_of_the_daemon_its_stdout()
    {
        await using var daemon = new DetachedDaemon();
        string words = $"exec {Repository.Daemon} {daemon.Folder["s"]} {daemon.Pidfile} --data {daemon.Folder["data"]} --foreground <&- >&- 2>&-";
        Task<ToolRun> run = ToolRun.Of("sh", ["-c", words]);
        await Eventually.Holds(() => File.Exists(daemon.Pidfile) && new FileInfo(daemon.Pidfile).Length > 0, "it has started");

        int pid = daemon.Pid;
        foreach (int fd in (int[])[0, 1, 2])
        {
            new FileInfo($"/proc/{pid}/fd/{fd}").LinkTarget.Should().Be("/dev/null", "of descriptor {0}", fd);
        }

        (await SockprocClient.Run(daemon.Folder["s"], "echo out; echo err >&2; exit 7")).Should()
            .BeEquivalentTo(new Reply(1792, "out\n"u8.ToArray(), "err\n"u8.ToArray()));
        await DetachedDaemon.Signal("TERM", pid);
        (await run).ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task A_detaching_start_with_closed_stdio_succeeds()
    {
        await using var daemon = new DetachedDaemon();
        string words = $"exec {Repository.Daemon} {daemon.Folder["s"]} {daemon.Pidfile} --data {daemon.Folder["data"]} <&- >&- 2>&-";

        (await ToolRun.Of("sh", ["-c", words])).ExitCode.Should().Be(0);

        (await SockprocClient.Run(daemon.Folder["s"], "exit 7")).Status.Should().Be(1792);
        await daemon.Stop();
    }
}
