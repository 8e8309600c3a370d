using System.Diagnostics;
using System.Globalization;

namespace Kuid.Daemon.Tests;

/// <summary>Row 4: jobs that outlast the grace period are TERMed, CONTed and KILLed, and their clients read how they ended.</summary>
public sealed class StubbornJobSpecs
{
    private const int SIGKILL = 9;
    private const int SIGTERM = 15;

    [Fact]
    public async Task Row_4_a_running_job_that_ignores_TERM_is_killed_after_the_grace_period()
    {
        await using TestDaemon daemon = await TestDaemon.Start(["--grace", "1"]);
        Task<Reply> reply = daemon.Run("trap '' TERM; echo before; echo $$ > started; while :; do sleep 0.1; done");
        int pid = await PidIn(daemon, "started");
        long start = Stopwatch.GetTimestamp();

        await daemon.Signal("TERM");

        Reply answer = await reply;
        Stopwatch.GetElapsedTime(start).Should().BeGreaterThan(TimeSpan.FromSeconds(1), "the job has the grace period");
        (answer.Status, answer.Text).Should().Be((SIGKILL, "before\n"));
        (await daemon.WaitForExit()).Should().Be(0);
        ProcessTable.IsAlive(pid).Should().BeFalse();
    }

    [Fact]
    public async Task A_job_may_clean_up_at_TERM_and_say_so()
    {
        await using TestDaemon daemon = await TestDaemon.Start(["--grace", "0"]);
        Task<Reply> reply = daemon.Run("trap 'echo cleaned; exit 4' TERM; echo $$ > started; while :; do sleep 0.1; done");
        await PidIn(daemon, "started");

        await daemon.Signal("TERM");

        Reply answer = await reply;
        (answer.Status, answer.Text).Should().Be((4 << 8, "cleaned\n"));
        (await daemon.WaitForExit()).Should().Be(0);
    }

    [Fact]
    public async Task Row_4_a_stopped_job_is_continued_so_that_TERM_reaches_it()
    {
        await using TestDaemon daemon = await TestDaemon.Start(["--grace", "0"]);
        Task<Reply> reply = daemon.Run("echo $$ > started; kill -STOP $$; echo resumed");
        int pid = await PidIn(daemon, "started");
        await Eventually.Holds(() => ProcessTable.State(pid) == 'T', "the job is stopped");

        await daemon.Signal("TERM");

        Reply answer = await reply;
        (answer.Status, answer.Text).Should().Be((SIGTERM, string.Empty));
        (await daemon.WaitForExit()).Should().Be(0);
    }

    [Fact]
    public async Task Row_4_background_members_of_the_group_end_with_it()
    {
        await using TestDaemon daemon = await TestDaemon.Start(["--grace", "0"]);
        Task<Reply> reply = daemon.Run("sleep 1000 & echo $! > one; (trap '' TERM; sleep 1000) & echo $! > two; wait; wait");
        int[] members = [await PidIn(daemon, "one"), await PidIn(daemon, "two")];

        await daemon.Signal("TERM");

        (await reply).Status.Should().Be(SIGTERM);
        (await daemon.WaitForExit()).Should().Be(0);
        await Eventually.Holds(() => !members.Any(ProcessTable.IsAlive), "the members have ended");
    }

    [Fact]
    public async Task A_job_whose_leader_has_exited_is_ended_in_its_background_and_its_status_stays_right()
    {
        await using TestDaemon daemon = await TestDaemon.Start(["--grace", "0"]);
        Task<Reply> reply = daemon.Run("(trap '' TERM; sleep 1000) & echo $! > member; exit 7");
        int member = await PidIn(daemon, "member");

        await daemon.Signal("TERM");

        (await reply).Status.Should().Be(7 << 8);
        (await daemon.WaitForExit()).Should().Be(0);
        await Eventually.Holds(() => !ProcessTable.IsAlive(member), "the background has ended");
    }

    [Theory]
    [InlineData("TERM", "TERM")]
    [InlineData("TERM", "INT")]
    [InlineData("INT", "INT")]
    public async Task Row_5_a_second_signal_hurries(string first, string second)
    {
        await using TestDaemon daemon = await TestDaemon.Start(["--grace", "100000"]);
        Task<Reply> reply = daemon.Run("trap '' TERM; echo $$ > started; while :; do sleep 0.1; done");
        int pid = await PidIn(daemon, "started");
        await daemon.Signal(first);
        await Eventually.Holds(() => daemon.Log.Contains($"SIG{first}: stopping", StringComparison.Ordinal), "the first is logged");
        ProcessTable.IsAlive(pid).Should().BeTrue();

        await daemon.Signal(second);

        (await reply).Status.Should().Be(SIGKILL);
        (await daemon.WaitForExit()).Should().Be(0);
        daemon.Log.Should().Contain("a second signal: jobs are ended now");
        ProcessTable.IsAlive(pid).Should().BeFalse();
    }

    [Fact]
    public async Task A_hundred_stubborn_jobs_end_together_and_each_client_reads_how()
    {
        await using TestDaemon daemon = await TestDaemon.Start(["--grace", "0"]);
        Task<IReadOnlyList<Reply>> replies = JobLoad.AllAtOnce(
            daemon.Address, 100, "trap '' TERM; echo $$; touch started-$$; while :; do sleep 1; done");
        await Eventually.Holds(
            () => Directory.GetFiles(daemon.Folder.Path, "started-*").Length == 100, "all of them run");

        (await daemon.Stop()).Should().Be(0);

        (await replies).Should().OnlyContain(reply => reply.Status == SIGKILL);
        (await replies).Select(reply => int.Parse(reply.Text, CultureInfo.InvariantCulture)).Should()
            .OnlyHaveUniqueItems().And.NotContain(pid => ProcessTable.IsAlive(pid));
    }

    private static async Task<int> PidIn(TestDaemon daemon, string file)
    {
        int pid = 0;
        await Eventually.Holds(
            () => File.Exists(daemon.Folder[file])
                && int.TryParse(File.ReadAllText(daemon.Folder[file]), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out pid),
            $"the job writes the file {file}");
        return pid;
    }
}
