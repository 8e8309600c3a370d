using System.Globalization;

namespace Kuid.Sockproc.Tests.Jobs;

// When the reply comes: at the end of the streams, at the drain's, at the timeout's.
public sealed class LimitsOfTimeSpecs
{
    [Fact]
    public async Task Row_33_Without_a_drain_the_reply_waits_for_a_descendant_that_holds_stdout()
    {
        await using TestDaemon daemon = await TestDaemon.Start();
        Task<Reply> reply = daemon.Run("echo $$ > shell; sleep 300 & echo $! > sleeper; echo done");
        int sleeper = await PidFile.Read(daemon, "sleeper"), shell = await PidFile.Read(daemon, "shell");
        try
        {
            await Eventually.Holds(() => !ProcessTable.IsAlive(shell), "the command itself has ended");
            (await daemon.Run("true")).Status.Should().Be(0);
            reply.IsCompleted.Should().BeFalse("the descendant still holds stdout");
        }
        finally
        {
            await Kill(sleeper);
        }

        (await reply).Should().Match<Reply>(r => r.Status == 0 && r.Text == "done\n");
    }

    [Fact]
    public async Task Row_33_With_a_drain_the_reply_does_not_wait_longer()
    {
        await using TestDaemon daemon = await TestDaemon.Start(["--sockproc-drain-seconds", "0.5"]);

        Task<Reply> reply = daemon.Run("sleep 300 & echo $! > sleeper; echo done");
        int sleeper = await PidFile.Read(daemon, "sleeper");
        try
        {
            (await reply).Should().Match<Reply>(r => r.Status == 0 && r.Text == "done\n");
            ProcessTable.IsAlive(sleeper).Should().BeTrue("a drain ends the waiting, not the descendant");
        }
        finally
        {
            await Kill(sleeper);
        }
    }

    [Fact]
    public async Task Row_33_Within_the_drain_a_descendant_s_output_is_part_of_the_reply()
    {
        await using TestDaemon daemon = await TestDaemon.Start(["--sockproc-drain-seconds", "60"]);

        Reply reply = await daemon.Run("(sleep 0.3; echo late) & echo early");

        reply.Text.Should().Be("early\nlate\n");
    }

    [Fact]
    public async Task A_job_that_takes_longer_than_the_timeout_is_ended_with_its_group()
    {
        await using TestDaemon daemon = await TestDaemon.Start(["--sockproc-timeout-seconds", "4"]);

        Reply reply = await daemon.Run("echo begun; sleep 300 & echo $! > sleeper; wait");

        reply.Should().Match<Reply>(r => r.Status == 15 && r.Text == "begun\n");
        int sleeper = await PidFile.Read(daemon, "sleeper");
        await Eventually.Holds(() => !ProcessTable.IsAlive(sleeper), "the sleeper has ended too");
    }

    [Fact]
    public async Task Row_42_A_job_that_ignores_the_timeout_s_TERM_is_killed_after_the_grace_period()
    {
        await using TestDaemon daemon = await TestDaemon.Start(["--sockproc-timeout-seconds", "4", "--grace", "3"]);
        var clock = System.Diagnostics.Stopwatch.StartNew();

        Reply reply = await daemon.Run("trap 'echo no' TERM; while :; do sleep 0.1; done");

        reply.Status.Should().Be(9);
        reply.Text.Should().Be("no\n", "it was asked first");
        clock.Elapsed.Should().BeGreaterThan(TimeSpan.FromSeconds(6.9));
    }

    private static async Task Kill(int pid) => await ToolRun.Of("kill", ["-9", pid.ToString(CultureInfo.InvariantCulture)]);
}
