using System.Diagnostics;
using System.Text.Json;

namespace Kuid.Cli.Tests;

/// <summary>Queues, batches, schedules, policies and filters with a real daemon of each test's own.</summary>
public sealed class DaemonResourceSpecs : IAsyncLifetime
{
    private TestDaemon? _daemon;

    private string Socket => RealDaemon.SocketOf(_daemon!);

    public async ValueTask InitializeAsync() => _daemon = await TestDaemon.Start();

    [Fact]
    public async Task A_queue_is_paused_emptied_drained_and_removed()
    {
        await RealDaemon.Needs(Socket, "purgeQueue");
        (await Kuid("queue", "set", "builds", "--concurrency", "2")).Should().Be((0, string.Empty, string.Empty));
        (await Kuid("queue", "pause", "builds")).Code.Should().Be(0);
        string id = await Submit("--queue", "builds", "true");

        (await Kuid("queue", "ls")).Text.Should().Contain("\nbuilds\tpaused\t2\t0\t1\t0\n");
        (await Kuid("status")).Text.Should().Contain("takes jobs").And.Contain("\nbuilds\tpaused\t");
        (await Kuid("queue", "purge", "builds", "-o", "ndjson")).Text.Should().Contain("\"canceled\":1");
        (await Kuid("wait", id)).Code.Should().Be(143);
        (await Kuid("queue", "drain", "builds")).Code.Should().Be(0);
        (await Kuid("submit", "--queue", "builds", "true")).Talk.Should().StartWith("kuid: ").And.Contain("draining");
        (await Kuid("queue", "rm", "builds")).Code.Should().Be(0);
        (await Kuid("wait", await Submit("--queue", "builds", "true"))).Code.Should().Be(0);
    }

    [Fact]
    public async Task Jobs_wait_for_others_are_tried_again_and_give_way()
    {
        await RealDaemon.Needs(Socket, "rerunJob");
        string failed = await Submit("-c", "exit 3");

        (await Kuid("run", "-n", "--max-attempts", "3", "--retry-backoff", "0.01", "-c", "echo again; exit 4")).Should().Be((4, "again\nagain\nagain\n", string.Empty));
        (await Kuid("run", "-n", "--after", failed, "--after-mode", "end", "echo", "then")).Should().Be((0, "then\n", string.Empty));
        (await Kuid("run", "-n", "--after", failed, "echo", "then")).Should().Match<(int Code, string Text, string Talk)>(
            run => run.Code == 125 && run.Text.Length == 0 && run.Talk.Contains(failed, StringComparison.Ordinal));
        string holder = await Submit("--key", "k", "sleep", "1000");
        (await Kuid("submit", "--key", "k", "--key-policy", "skip", "true")).Talk.Should().StartWith("kuid: ").And.Contain(holder);
        (await Kuid("run", "-n", "--key", "k", "--key-policy", "replace", "echo", "mine")).Should().Be((0, "mine\n", string.Empty));
        (await Kuid("wait", holder)).Code.Should().Be(143);
        (await Kuid("run", "-n", "--limit-open-files", "64", "-c", "ulimit -n")).Text.Should().Be("64\n");
    }

    [Fact]
    public async Task Filters_say_which_jobs_are_run_again_and_removed()
    {
        await RealDaemon.Needs(Socket, "bulkJobs");
        string mine = await Submit("--label", "team=web", "-c", "exit 3"), other = await Submit("-c", "exit 3");
        await Kuid("wait", mine, other);

        (await Kuid("rerun", "--state", "failed", "--label", "team=web", "--dry-run")).Text.Should().Be(mine + "\n");
        (int code, string again, string talk) = await Kuid("rerun", "--state", "failed", "--label", "team=web");

        (code, talk).Should().Be((0, "kuid: 1 of 1 jobs\n"));
        (await Kuid("wait", again.TrimEnd('\n'))).Code.Should().Be(3);
        (await Kuid("show", again.TrimEnd('\n'))).Text.Should().Contain($"parentId\t{mine}\n");
        (await Kuid("rm", "--state", "failed", "--label", "team")).Talk.Should().Be("kuid: 2 of 2 jobs\n");
        (await Kuid("ps", "-a", "-o", "id")).Text.Should().Be(other + "\n");
        (await Kuid("rm", other)).Should().Be((0, string.Empty, string.Empty));
    }

    [Theory]
    [InlineData("true", 0)]
    [InlineData("exit 3", 1)]
    public async Task A_batch_is_submitted_and_waited_for(string last, int code)
    {
        await RealDaemon.Needs(Socket, "submitBatch");
        byte[] lines = [.. new[] { "true", "true", last }.SelectMany(command => JsonSerializer.SerializeToUtf8Bytes(new { command }).Append((byte)'\n'))];

        ToolRun submitted = await KuidCommand.Run(["batch", "submit", "--name", "three"], lines, ("KUID_SOCKET", Socket));

        submitted.Stderr.Should().BeEmpty();
        string id = submitted.Text.TrimEnd('\n');
        (await Kuid("batch", "wait", id)).Should().Be((code, string.Empty, string.Empty));
        (await Kuid("batch", "ls")).Text.Should().Contain($"\n{id}\t").And.Contain("\tthree\n").And.Contain(code == 0 ? "3 succeeded" : "2 succeeded, 1 failed");
        (await Kuid("batch", "cancel", id)).Code.Should().Be(0);
    }

    [Fact]
    public async Task A_schedule_is_set_previewed_triggered_and_removed()
    {
        await RealDaemon.Needs(Socket, "triggerSchedule");
        (await Kuid("schedule", "set", "nightly", "--cron", "0 3 * * *", "--time-zone", "Europe/Berlin", "echo", "--good", "night")).Should().Be((0, string.Empty, string.Empty));

        (await Kuid("schedule", "ls")).Text.Should().Contain("\nnightly\tactive\t0 3 * * * Europe/Berlin\t").And.Contain("\techo --good night\n");
        (await Kuid("schedule", "preview", "0 3 * * *", "--time-zone", "Europe/Berlin", "--count", "2", "--from", "2026-03-28T12:00:00Z")).Text.Should().Be(
            "2026-03-29T01:00:00.000Z\n2026-03-30T01:00:00.000Z\n", "the clocks are put forward between them and the day before");
        string id = (await Kuid("schedule", "trigger", "nightly")).Text.TrimEnd('\n');
        (await Kuid("wait", id)).Code.Should().Be(0);
        (await Kuid("logs", id)).Text.Should().Be("--good night\n");
        (await Kuid("schedule", "pause", "nightly")).Code.Should().Be(0);
        (await Kuid("schedule", "ls")).Text.Should().Contain("\nnightly\tpaused\t");
        (await Kuid("schedule", "rm", "nightly")).Code.Should().Be(0);
        (await Kuid("schedule", "show", "nightly")).Talk.Should().StartWith("kuid: ").And.Contain("nightly");
    }

    [Fact]
    public async Task Every_change_of_a_job_is_a_line_of_ps_w()
    {
        await RealDaemon.Needs(Socket, "followEvents");
        string before = await Submit("sleep", "1000");
        using Process watch = KuidCommand.Start(Socket, "ps", "-w", "-o", "ndjson");
        async Task<string> Next()
        {
            using JsonDocument job = JsonDocument.Parse((await watch.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!);
            return $"{job.RootElement.GetProperty("id")} {job.RootElement.GetProperty("state").GetString()}";
        }

        (await Next()).Should().StartWith(before + " ");

        string id = await Submit("true");

        var seen = new List<string>();
        while (seen.LastOrDefault() != id + " succeeded")
        {
            seen.Add(await Next());
        }

        seen.Where(line => line.StartsWith(id + " ", StringComparison.Ordinal)).Should().Equal(id + " queued", id + " running", id + " succeeded");
        await KuidCommand.Signal(watch, "INT");
        (await KuidCommand.WaitForExit(watch)).Should().Be(130);
    }

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }
    }

    private async Task<string> Submit(params string[] words)
    {
        (int code, string text, string talk) = await Kuid(["submit", .. words]);
        (code, talk).Should().Be((0, string.Empty));
        return text.TrimEnd('\n');
    }

    private async Task<(int Code, string Text, string Talk)> Kuid(params string[] words)
    {
        ToolRun run = await KuidCommand.Run(words, default, ("KUID_SOCKET", Socket));
        return (run.ExitCode, run.Text, run.Stderr);
    }
}
