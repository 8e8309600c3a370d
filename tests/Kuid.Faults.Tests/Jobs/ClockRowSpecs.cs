using System.Diagnostics;
using System.Text.Json;

namespace Kuid.Faults.Tests.Jobs;

/// <summary>Row 128: a monotonic clock that is somewhere else, and a daemon that was stopped while time went by.</summary>
public sealed class ClockRowSpecs
{
    [Theory]
    [InlineData(-1)]
    [InlineData(100_000_000)]
    public async Task Row_128_With_the_monotonic_clock_set_off_timeouts_and_durations_are_what_they_are_elsewhere(int seconds)
    {
        // Back to a second after the boot: further back no clock can be.
        long offset = seconds < 0 ? 1 - (long)(Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency) : seconds;
        string[] unshare = ["unshare", "--time", "--monotonic", $"{offset}", "--boottime", $"{offset}", "--kill-child", "--fork"];
        ToolRun trial = await ToolRun.Of(unshare[0], [.. unshare[1..], "true"]);
        Assert.SkipUnless(trial.ExitCode == 0, $"a time namespace cannot be had here: {trial.Stderr.Trim()}");
        await using HttpDaemon http = await HttpDaemon.Start(wrapper: unshare);
        await HealthProbe.While(http.Daemon, async () =>
        {
            JsonElement job = await http.Client.SubmitToEnd("sleep 1000", "\"timeoutSeconds\":1");
            (job.Text("state"), job.Text("reason")).Should().Be(("failed", "timeout"));
            job.GetProperty("durationSeconds").GetDouble().Should().BeInRange(0.9, 60);
            job = await http.Client.SubmitToEnd("true", "\"timeoutSeconds\":300");
            (job.Text("state"), job.Text("reason")).Should().Be(("succeeded", "exit"));
            job.GetProperty("durationSeconds").GetDouble().Should().BeInRange(0, 60);
        });
    }

    [Fact]
    public async Task Row_128_A_daemon_that_was_stopped_ends_what_has_timed_out_meanwhile_and_nothing_else()
    {
        await using HttpDaemon http = await HttpDaemon.Start();
        long late = await http.Client.SubmitRunning("sleep 1000", "\"timeoutSeconds\":1.5");
        long quick = await http.Client.SubmitRunning("sleep 1; exit 4", "\"timeoutSeconds\":1000");
        Task<Reply> reply = http.Daemon.Run("sleep 1; echo done");
        await Eventually.Holds(() => ProcessTable.Children(http.Daemon.Pid).Count >= 3, "three jobs run");

        await http.Daemon.Signal("STOP");
        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
        await http.Daemon.Signal("CONT");

        await HealthProbe.While(http.Daemon, async () =>
        {
            JsonElement timedOut = await http.Client.Ended(late);
            (timedOut.Text("state"), timedOut.Text("reason")).Should().Be(("failed", "timeout"));
            timedOut.GetProperty("durationSeconds").GetDouble().Should().BeGreaterThan(1.5);
            JsonElement ended = await http.Client.Ended(quick);
            (ended.Text("reason"), ended.Long("exitCode")).Should().Be(("exit", 4L));
            (await reply).Text.Should().Be("done\n");
        });
    }
}
