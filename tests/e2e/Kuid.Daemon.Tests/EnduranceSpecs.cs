namespace Kuid.Daemon.Tests;

/// <summary>Jobs by the thousand leave nothing behind in the daemon: no zombie, no descriptor, no thread.</summary>
[Collection(nameof(Load))]
public sealed class EnduranceSpecs
{
    // Of the sockproc door and of the HTTP door.
    private const int ListeningSockets = 2;

    // Assemblies that are loaded late and pool threads that come and go; a leak of one a job would be thousands.
    private const int Slack = 10;

    [Fact]
    public async Task Row_54_Ten_thousand_short_jobs_a_fifth_of_them_double_forking_leave_no_zombie_descriptor_or_thread()
    {
        await using TestDaemon daemon = await TestDaemon.Start();
        await JobLoad.Run(daemon.Address, jobs: 1000, atOnce: 40);
        await Settled(daemon);
        (int descriptors, int threads) = Level(daemon);

        await JobLoad.Run(daemon.Address, jobs: 9000, atOnce: 40);
        await Settled(daemon);

        await IsBackAt(daemon, descriptors, threads);
        ProcessTable.Children(daemon.Pid).Should().BeEmpty("neither running nor zombie");
        daemon.Log.Should().NotContain("this is a fault of the daemon");
        Directory.GetFiles(daemon.Folder["data/spool"]).Should().BeEmpty();
    }

    [Fact]
    public async Task A_thousand_connections_that_wait_at_once_are_all_answered_and_need_no_threads()
    {
        await using TestDaemon daemon = await TestDaemon.Start();
        await JobLoad.Run(daemon.Address, jobs: 200, atOnce: 40);
        await Settled(daemon);
        (int descriptors, int threads) = Level(daemon);

        // They wait until a FIFO has a writer: all of them are there at once however slow the machine is, and none of them needs it.
        (await ToolRun.Of("mkfifo", [daemon.Folder["go"]])).ExitCode.Should().Be(0);
        Task<IReadOnlyList<Reply>> replies = JobLoad.AllAtOnce(daemon.Address, 1000, "exec < go; echo ok");
        await Eventually.Holds(() => ProcessTable.Children(daemon.Pid).Count == 1000, "a thousand jobs run");
        await Eventually.Holds(() => ProcessTable.Threads(daemon.Pid) <= threads + Slack, "jobs that wait need no threads");
        using FileStream go = await Task.Run(() => File.OpenWrite(daemon.Folder["go"]), TestContext.Current.CancellationToken);

        (await replies).Should().OnlyContain(reply => reply.Status == 0 && reply.Text == "ok\n" && reply.Error.Length == 0);
        await Settled(daemon);
        await IsBackAt(daemon, descriptors, threads);
    }

    [Fact]
    public async Task Row_99_five_hundred_jobs_that_keep_their_clients_waiting_do_not_starve_the_next_one()
    {
        await using TestDaemon daemon = await TestDaemon.Start(["--grace", "0"]);
        Task<IReadOnlyList<Reply>> waiting = JobLoad.AllAtOnce(daemon.Address, 500, "exec sleep 1000");
        await Eventually.Holds(() => ProcessTable.Children(daemon.Pid).Count == 500, "five hundred jobs run");

        for (int i = 0; i < 10; i++)
        {
            (await daemon.Answers(TimeSpan.FromSeconds(20))).Should().BeTrue();
        }

        (await daemon.Stop()).Should().Be(0);
        (await waiting).Should().OnlyContain(reply => reply.Status == 15);
    }

    [Fact]
    public async Task An_idle_daemon_uses_no_CPU()
    {
        await using TestDaemon daemon = await TestDaemon.Start();
        await JobLoad.Run(daemon.Address, jobs: 500, atOnce: 40);
        await Settled(daemon);

        await QuietSecond.Of(daemon.Pid);
    }

    private static Task Settled(TestDaemon daemon) => Eventually.Holds(
        () => ProcessTable.Children(daemon.Pid).Count == 0 && ConnectionsOf(daemon) == ListeningSockets, "only the listening sockets are left");

    // The pool keeps a thread for a while after it has had something to do.
    private static Task IsBackAt(TestDaemon daemon, int descriptors, int threads) => Eventually.Holds(
        () => ProcessTable.PassingDescriptors(daemon.Pid) <= descriptors + Slack && ProcessTable.Threads(daemon.Pid) <= threads + Slack,
        () => $"the daemon has about {descriptors} descriptors and {threads} threads again, not {Level(daemon)}");

    private static int ConnectionsOf(TestDaemon daemon) => Directory.EnumerateFiles($"/proc/{daemon.Pid}/fd")
        .Count(fd => new FileInfo(fd).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true);

    private static (int Descriptors, int Threads) Level(TestDaemon daemon) =>
        (ProcessTable.PassingDescriptors(daemon.Pid), ProcessTable.Threads(daemon.Pid));
}
