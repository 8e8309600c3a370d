using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Kuid.Http.Tests.Survival;

/// <summary>Jobs that go on without the daemon, and the daemon that takes them up.</summary>
public sealed class SurvivalSpecs : IDisposable
{
    private const string Survive = "\"survive\":true";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Row_1_Killing_the_daemon_during_a_hundred_surviving_jobs_loses_no_byte_and_no_status()
    {
        var random = new Random(4711);
        var jobs = new Dictionary<long, CountingJob>();
        await using (HttpDaemon killed = await Start())
        {
            for (int i = 0; i < 100; i++)
            {
                var job = CountingJob.Any(random, 150);
                jobs[await killed.Client.Submit(job.Command, Survive)] = job;
            }

            await Eventually.Holds(async () => !(await killed.Client.GetStringAsync("/v1/jobs?state=queued")).Contains("\"id\"", StringComparison.Ordinal), "all have started");
            await killed.Daemon.Kill();
        }

        for (int round = 0; round < 2; round++)
        {
            await using HttpDaemon again = await Start();
            await Task.Delay(random.Next(300));
            await again.Daemon.Kill();
        }

        await using HttpDaemon last = await Start();
        foreach ((long id, CountingJob job) in jobs)
        {
            await job.IsWhole(last.Client, id);
        }

        await Eventually.Holds(() => Logs().Length == 0, "the record logs of all are removed");
        ProcessTable.WithCommandLine("kuid-keeper").Should().NotContain(pid => IsOurs(pid));
    }

    [Fact]
    public async Task A_stop_leaves_surviving_jobs_running_and_ends_the_others()
    {
        long surviving, other;
        await using (HttpDaemon stopped = await Start("--grace", "0.1"))
        {
            surviving = await stopped.Client.SubmitRunning($"echo one; {Until("go")}; echo two; exit 5", Survive);
            other = await stopped.Client.SubmitRunning("sleep 1000");
            (await stopped.Daemon.Stop()).Should().Be(0);
        }

        Open("go");
        await using HttpDaemon next = await Start();
        JsonElement job = await next.Client.Ended(surviving);
        (job.Text("state"), job.Long("exitCode"), job.GetProperty("survive").GetBoolean()).Should().Be(("failed", 5L, true));
        (await next.Client.GetStringAsync($"/v1/jobs/{surviving}/stdout")).Should().Be("one\ntwo\n");
        (await next.Client.Job(other)).Text("reason").Should().Be("shutdown");
    }

    [Fact]
    public async Task What_is_written_while_the_daemon_is_away_and_while_it_comes_is_there_in_order()
    {
        const long Lines = 3_000_000;
        long id;
        await using (HttpDaemon killed = await Start())
        {
            id = await killed.Client.Submit($"seq 1 {Lines}; exit 3", Survive + ",\"maxOutputBytes\":67108864");
            await Eventually.Holds(async () => Logs().Length > 0 || (await killed.Client.Job(id)).Text("state") == "failed", "it writes");
            await killed.Daemon.Kill();
        }

        await using HttpDaemon next = await Start();
        (await next.Client.Ended(id)).Long("exitCode").Should().Be(3);
        using var reader = new StreamReader(await next.Client.GetStreamAsync($"/v1/jobs/{id}/stdout"));
        for (long line = 1; line <= Lines; line++)
        {
            if (await reader.ReadLineAsync() != line.ToString(CultureInfo.InvariantCulture))
            {
                Assert.Fail(FormattableString.Invariant($"line {line} is another one"));
            }
        }

        (await reader.ReadLineAsync()).Should().BeNull();
    }

    [Fact]
    public async Task A_follower_goes_on_after_the_restart_where_it_was()
    {
        long id;
        List<ServerEvent> had = [];
        await using (HttpDaemon killed = await Start())
        {
            id = await killed.Client.SubmitRunning($"echo o1; echo e1 >&2; echo o2; {Until("go")}; echo o3; echo e2 >&2", Survive);
            using Stream stream = await killed.Client.GetStreamAsync($"/v1/jobs/{id}/events");
            await foreach (ServerEvent each in ServerEvent.Of(stream))
            {
                had.Add(each);
                if (ServerEvent.Output(had, "stdout").Length == 6 && ServerEvent.Output(had, "stderr").Length == 3)
                {
                    break;
                }
            }

            await killed.Daemon.Kill();
        }

        Open("go");
        await using HttpDaemon next = await Start();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/jobs/{id}/events");
        request.Headers.Add("Last-Event-ID", had[^1].Id);
        using HttpResponseMessage response = await next.Client.SendAsync(request);
        List<ServerEvent> rest = ServerEvent.Of(await response.Content.ReadAsByteArrayAsync());

        Encoding.ASCII.GetString(ServerEvent.Output(rest, "stdout")).Should().Be("o3\n");
        Encoding.ASCII.GetString(ServerEvent.Output(rest, "stderr")).Should().Be("e2\n");
        rest[^1].Type.Should().Be("end");
    }

    [Fact]
    public async Task Cancelling_an_adopted_job_ends_all_its_processes()
    {
        await using HttpDaemon next = await Restarted("trap '' TERM; sleep 1000 & echo $!; wait", "\"killGraceSeconds\":0.1", out Task<long> submitted);
        long id = await submitted;
        await Eventually.Holds(async () => (await next.Client.GetStringAsync($"/v1/jobs/{id}/stdout")).EndsWith('\n'), "it says its child's pid");
        int[] pids =
        [
            (int)(await next.Client.Job(id)).Long("pid"),
            int.Parse(await next.Client.GetStringAsync($"/v1/jobs/{id}/stdout"), CultureInfo.InvariantCulture),
        ];
        pids.Should().OnlyContain(pid => ProcessTable.IsAlive(pid));

        (await next.Client.PostAsync($"/v1/jobs/{id}/cancel", content: null)).IsSuccessStatusCode.Should().BeTrue();

        JsonElement job = await next.Client.Ended(id);
        (job.Text("state"), job.Text("reason")).Should().Be(("canceled", "canceled"));
        await Eventually.Holds(() => !pids.Any(ProcessTable.IsAlive), "all of it are gone");
    }

    [Fact]
    public async Task A_signal_reaches_an_adopted_job()
    {
        await using HttpDaemon next = await Restarted("trap 'exit 9' USR1; while :; do sleep 0.05; done", "\"priority\":1", out Task<long> submitted);
        long id = await submitted;

        (await next.Client.PostAsync($"/v1/jobs/{id}/signal", Requests.Json("""{"signal":"USR1"}"""))).IsSuccessStatusCode.Should().BeTrue();

        (await next.Client.Ended(id)).Long("exitCode").Should().Be(9);
    }

    [Fact]
    public async Task The_time_that_passes_without_a_daemon_counts()
    {
        long id;
        await using (HttpDaemon killed = await Start())
        {
            id = await killed.Client.Submit("sleep 1000", Survive + ",\"timeoutSeconds\":2");
            await Eventually.Holds(async () => Logs().Length > 0 || (await killed.Client.Job(id)).Text("state") == "failed", "it runs");
            await killed.Daemon.Kill();
        }

        await Task.Delay(TimeSpan.FromSeconds(2));
        await using HttpDaemon next = await Start();

        JsonElement job = await next.Client.Ended(id);
        (job.Text("state"), job.Text("reason")).Should().Be(("failed", "timeout"));
        job.GetProperty("durationSeconds").GetDouble().Should().BeGreaterThan(2);
    }

    [Fact]
    public async Task A_job_whose_keeper_is_killed_is_lost_and_what_it_wrote_is_kept()
    {
        await using HttpDaemon daemon = await Start();
        long id = await daemon.Client.SubmitRunning("echo said; sleep 1000", Survive);
        int pid = (int)(await daemon.Client.Job(id)).Long("pid");
        await Eventually.Holds(async () => await daemon.Client.GetStringAsync($"/v1/jobs/{id}/stdout") == "said\n", "it has written");

        await ToolRun.Of("kill", ["-9", Parent(pid)]);

        JsonElement job = await daemon.Client.Ended(id);
        (job.Text("state"), job.Text("reason"), job.Text("detail")).Should().Be(("lost", "lost", "its keeper was killed"));
        (await daemon.Client.GetStringAsync($"/v1/jobs/{id}/stdout")).Should().Be("said\n");
        await Eventually.Holds(() => !ProcessTable.IsAlive(pid) && Logs().Length == 0, "nothing of it is left");
    }

    [Fact]
    public async Task A_job_whose_keeper_was_killed_with_the_daemon_is_lost_and_gone_before_others_are_taken()
    {
        int pid;
        long id;
        await using (HttpDaemon killed = await Start())
        {
            id = await killed.Client.SubmitRunning("echo said; sleep 1000", Survive);
            pid = (int)(await killed.Client.Job(id)).Long("pid");
            await killed.Daemon.Kill();
            await ToolRun.Of("kill", ["-9", Parent(pid)]);
        }

        await using HttpDaemon next = await Start();
        (await next.Client.Ended(id)).Text("state").Should().Be("lost");
        await Eventually.Holds(() => !ProcessTable.IsAlive(pid), "its process is killed");
    }

    [Fact]
    public async Task A_job_of_another_boot_is_lost_and_nobody_is_signalled_for_it()
    {
        // The cgroups of another boot are gone with it, and this one's would be swept.
        int pid;
        long id;
        await using (HttpDaemon killed = await Start("--cgroup", "off"))
        {
            id = await killed.Client.SubmitRunning("sleep 1000", Survive);
            pid = (int)(await killed.Client.Job(id)).Long("pid");
            (await killed.Client.GetAsync("/v1/jobs")).StatusCode.Should().Be(HttpStatusCode.OK);
            await killed.Daemon.Kill();
        }

        int keeper = int.Parse(Parent(pid), CultureInfo.InvariantCulture);
        await RecordLog.SetBoot(Logs().Single(), "00000000-0000-0000-0000-000000000000", _folder["copy"]);
        await ToolRun.Of("python3",
        [
            "-c", "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute(\"UPDATE jobs SET pid_boot_id = 'other'\"); c.commit()", _folder["data/history.db"],
        ]);
        await using HttpDaemon next = await Start("--cgroup", "off");

        JsonElement job = await next.Client.Ended(id);
        (job.Text("state"), job.Text("detail")).Should().Be(("lost", "the machine was restarted while it ran"));
        ProcessTable.IsAlive(pid).Should().BeTrue();
        await ToolRun.Of("kill", ["-9", pid.ToString(CultureInfo.InvariantCulture)]);
        await Eventually.Holds(() => !ProcessTable.IsAlive(keeper), "the keeper ends with its job");
    }

    [Fact]
    public async Task An_adopted_job_has_its_place_in_its_queue()
    {
        long running, waiting;
        await using (HttpDaemon killed = await Start("--concurrency", "1"))
        {
            running = await killed.Client.SubmitRunning(Until("go"), Survive + ",\"key\":\"k\"");
            waiting = await killed.Client.Submit("true", Survive);
            await killed.Daemon.Kill();
        }

        await using HttpDaemon next = await Start("--concurrency", "1");
        long later = await next.Client.Submit("true", "\"queue\":\"other\",\"key\":\"k\"");
        (await next.Client.SubmitToEnd("true", "\"queue\":\"free\"")).Text("state").Should().Be("succeeded");
        ((await next.Client.Job(waiting)).Text("state"), (await next.Client.Job(later)).Text("state")).Should().Be(("queued", "queued"));
        Open("go");
        (await next.Client.Ended(running)).Text("state").Should().Be("succeeded");
        (await next.Client.Ended(waiting)).Text("state").Should().Be("succeeded");
        (await next.Client.Ended(later)).Text("state").Should().Be("succeeded");
    }

    [Fact]
    public async Task An_attempt_that_survives_has_the_output_of_those_before_it()
    {
        long id;
        string first = $"[ -e {_folder["first"]} ] || {{ touch {_folder["first"]}; echo a; exit 1; }}";
        await using (HttpDaemon killed = await Start())
        {
            id = await killed.Client.Submit($"{first}; cat; {Until("go")}; echo b; exit 0", Survive + $$"""
                ,"maxAttempts":2,"retryBackoffSeconds":0.01,"stdin":"{{Convert.ToBase64String("in "u8)}}"
                """);
            await Eventually.Holds(async () => (await killed.Client.GetStringAsync($"/v1/jobs/{id}/stdout")) == "a\nin ", "its second attempt runs");
            await killed.Daemon.Kill();
        }

        Open("go");
        await using HttpDaemon next = await Start();
        JsonElement job = await next.Client.Ended(id);
        (job.Text("state"), job.Long("attempt"), job.Long("attemptStdoutOffset")).Should().Be(("succeeded", 2L, 2L));
        (await next.Client.GetStringAsync($"/v1/jobs/{id}/stdout")).Should().Be("a\nin b\n");
    }

    [Fact]
    public async Task A_full_disk_holds_a_surviving_job_up_and_loses_nothing()
    {
        Directory.CreateDirectory(_folder["data/kept"]);
        File.SetUnixFileMode(_folder["data"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        ToolRun mount = await ToolRun.Of("mount", ["-t", "tmpfs", "-o", "size=128k", "tmpfs", _folder["data/kept"]]);
        Assert.SkipUnless(mount.ExitCode == 0, "mounting a small tmpfs needs root");
        try
        {
            long id;
            await using (HttpDaemon killed = await Start())
            {
                id = await killed.Client.SubmitRunning("seq 1 100000; exit 4", Survive);
                await Eventually.Holds(() => new FileInfo(Logs().Single()).Length >= 120 * 1024, "the disk is full");
                await killed.Daemon.Kill();
            }

            await using HttpDaemon next = await Start();
            (await next.Client.Job(id)).Text("state").Should().Be("running");
            (await ToolRun.Of("mount", ["-o", "remount,size=4m", _folder["data/kept"]])).ExitCode.Should().Be(0);
            (await next.Client.Ended(id)).Long("exitCode").Should().Be(4);
            (await next.Client.GetStringAsync($"/v1/jobs/{id}/stdout")).Should().Be(
                string.Concat(Enumerable.Range(1, 100_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i}\n"))));
        }
        finally
        {
            await ToolRun.Of("umount", ["-l", _folder["data/kept"]]);
        }
    }

    [Fact]
    public async Task A_job_that_fills_its_record_log_is_ended()
    {
        await using HttpDaemon daemon = await Start("--survive-log-bytes", "100000");

        JsonElement job = await daemon.Client.SubmitToEnd("yes", Survive);

        (job.Text("state"), job.Text("reason"), job.Text("detail")).Should().Be(("failed", "outputlimit", "its record log has reached 100000 bytes"));
    }

    [Fact]
    public async Task The_option_makes_it_the_default_of_jobs_that_can()
    {
        await using HttpDaemon daemon = await Start("--survive", "true");
        (await daemon.Client.SubmitToEnd("true")).GetProperty("survive").GetBoolean().Should().BeTrue();
        (await daemon.Client.SubmitToEnd("true", "\"survive\":false")).GetProperty("survive").GetBoolean().Should().BeFalse();
        (await daemon.Client.Job(await daemon.Client.Submit("true", "\"stdinMode\":\"stream\""))).GetProperty("survive").GetBoolean().Should().BeFalse();
        (await daemon.Client.PipelineToEnd("echo x")).GetProperty("survive").GetBoolean().Should().BeFalse();
    }

    [Theory]
    [InlineData("""{"kind":"pipeline","pipeline":"echo x","survive":true}""")]
    [InlineData("""{"kind":"shell","command":"cat","stdinMode":"stream","survive":true}""")]
    [InlineData("""{"kind":"shell","command":"true","isolation":"strict","survive":true}""")]
    public async Task What_needs_the_daemon_cannot_survive_it(string submission)
    {
        await using HttpDaemon daemon = await Start();

        using HttpResponseMessage response = await daemon.Client.PostAsync("/v1/jobs", Requests.Json(submission));

        response.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await response.Body()).GetProperty("errors")[0].Text("pointer").Should().Be("/survive");
    }

    [Fact]
    public async Task Record_logs_of_nobody_are_swept_and_their_jobs_ended()
    {
        int pid;
        await using (HttpDaemon killed = await Start())
        {
            await killed.Client.SubmitRunning("sleep 1000", Survive);
            pid = (int)(await killed.Client.Job(1)).Long("pid");
            await killed.Daemon.Kill();
        }

        string log = Logs().Single();
        File.Move(log, Path.Combine(Path.GetDirectoryName(log)!, "77777.1"));
        await File.WriteAllTextAsync(Path.Combine(Path.GetDirectoryName(log)!, "88888.1"), "KR");

        await using HttpDaemon next = await Start();

        await Eventually.Holds(() => !ProcessTable.IsAlive(pid), "what nobody knows is killed");
        Logs().Should().BeEmpty();
    }

    private Task<HttpDaemon> Start(params string[] options) =>
        HttpDaemon.Start(options.Contains("--concurrency") ? options : ["--concurrency", "100", .. options], folder: _folder);

    private Task<HttpDaemon> Restarted(string command, string more, out Task<long> submitted)
    {
        var id = new TaskCompletionSource<long>();
        submitted = id.Task;
        return Restart();

        async Task<HttpDaemon> Restart()
        {
            await using (HttpDaemon killed = await Start())
            {
                id.SetResult(await killed.Client.SubmitRunning(command, Survive + "," + more));
                await killed.Daemon.Kill();
            }

            return await Start();
        }
    }

    private string Until(string gate) => $"until [ -e {_folder[gate]} ]; do sleep 0.05; done";

    private void Open(string gate) => File.WriteAllText(_folder[gate], string.Empty);

    private string[] Logs() => Directory.Exists(_folder["data/kept"]) ? Directory.GetFiles(_folder["data/kept"]) : [];

    private static string Parent(int pid) => File.ReadAllText($"/proc/{pid}/stat").Split(") ")[^1].Split(' ')[1];

    private bool IsOurs(int keeper) => new FileInfo($"/proc/{keeper}/fd/3").LinkTarget?.StartsWith(_folder.Path, StringComparison.Ordinal) == true;
}
