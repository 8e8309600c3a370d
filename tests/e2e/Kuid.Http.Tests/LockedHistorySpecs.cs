using System.Diagnostics;
using System.Net;

namespace Kuid.Http.Tests;

/// <summary>A history that somebody else has locked, or that may not be written any more.</summary>
public sealed class LockedHistorySpecs
{
    private const string Lock = """
        import sqlite3, sys
        db = sqlite3.connect(sys.argv[1], isolation_level=None)
        db.execute('PRAGMA busy_timeout = 20000')
        db.execute('BEGIN IMMEDIATE')
        print('locked', flush=True)
        sys.stdin.read()
        """;

    [Fact]
    public async Task Row_20_While_another_process_has_locked_it_submissions_are_refused_and_everything_else_goes_on()
    {
        await using HttpDaemon http = await HttpDaemon.Start();
        long before = (await http.Client.SubmitToEnd("echo before")).Long("id");
        (await http.Client.PutAsync("/v1/hosts/old", Requests.Json("""{"address":"unix:/s"}"""))).StatusCode.Should().Be(HttpStatusCode.Created);
        await ScheduleWrites.PrepareAsync(http.Client);
        (await http.Client.PutAsync("/v1/queues/old", Requests.Json("{}"))).StatusCode.Should().Be(HttpStatusCode.Created);
        using Process holder = Process.Start(new ProcessStartInfo("python3", ["-c", Lock, http.Daemon.Folder["data/history.db"]])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        (await holder.StandardOutput.ReadLineAsync()).Should().Be("locked");

        using (HttpResponseMessage refused = await http.Client.PostAsync("/v1/jobs", Requests.Json(Requests.Shell("true"))))
        {
            refused.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
            refused.Headers.RetryAfter.Should().NotBeNull();
            (await refused.Body()).Text("detail").Should().Contain("locked");
        }

        using (HttpResponseMessage refused = await http.Client.DeleteAsync($"/v1/jobs/{before}"))
        {
            refused.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
            refused.Headers.RetryAfter.Should().NotBeNull();
        }

        (await http.Client.PutAsync("/v1/hosts/new", Requests.Json("""{"address":"unix:/s"}"""))).StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        (await http.Client.DeleteAsync("/v1/hosts/old")).StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        (await http.Client.GetStringAsync("/v1/hosts")).Should().Contain("\"old\"").And.NotContain("\"new\"", "what was refused has not happened");

        await ScheduleWrites.AreRefusedAsync(http.Client, HttpStatusCode.ServiceUnavailable);
        (await http.Client.PostAsync("/v1/batches", Requests.Json("""{"items":[{"command":"true"}]}"""))).StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        (await http.Client.PutAsync("/v1/queues/new", Requests.Json("{}"))).StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        (await http.Client.DeleteAsync("/v1/queues/old")).StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        foreach (string path in new[] { "queues/old/pause", "queues/old/drain", "queues/old/resume", $"jobs/{before}/rerun" })
        {
            (await http.Client.PostAsync($"/v1/{path}", content: null)).StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable, path);
        }

        (await http.Client.GetStringAsync("/v1/queues")).Should().Contain("\"old\",\"concurrency\"").And.NotContain("\"new\"").And.NotContain("true");

        (await http.Client.GetAsync("/readyz")).StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        (await http.Client.GetAsync("/healthz")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await http.Daemon.Run("echo meanwhile")).Text.Should().Be("meanwhile\n");
        (await http.Client.GetStringAsync($"/v1/jobs/{before}/stdout")).Should().Be("before\n");

        holder.StandardInput.Close();
        await holder.WaitForExitAsync();
        await Eventually.Holds(async () => (await http.Client.GetAsync("/readyz")).IsSuccessStatusCode, "the history works again");
        await http.Client.SubmitToEnd("true");
        (await http.Client.GetStringAsync("/v1/jobs?q=meanwhile")).Should().Contain("\"state\":\"succeeded\"", "what ran meanwhile was not forgotten");
    }

    [Fact]
    public async Task Row_19_A_file_that_may_not_be_written_any_more_is_said_and_nothing_that_was_accepted_is_lost()
    {
        Assert.SkipUnless(ToolRun.Exists("chattr"), "there is no chattr");
        await using HttpDaemon http = await HttpDaemon.Start();
        string file = http.Daemon.Folder["data/history.db"];
        ToolRun made = await ToolRun.Of("chattr", ["+i", file]);
        Assert.SkipUnless(made.ExitCode == 0, "chattr +i is not allowed, or the file system has no such attribute");
        List<long> accepted = [];
        try
        {
            // Where the kernel still lets the open file be written, or only the write-ahead log is, jobs are simply accepted.
            for (int i = 0; i < 20; i++)
            {
                using HttpResponseMessage response = await http.Client.PostAsync("/v1/jobs", Requests.Json(Requests.Shell("echo run")));
                response.StatusCode.Should().BeOneOf(HttpStatusCode.Accepted, HttpStatusCode.ServiceUnavailable);
                if (response.StatusCode == HttpStatusCode.Accepted)
                {
                    accepted.Add((await response.Body()).Long("id"));
                }
            }

            (await http.Daemon.Run("echo meanwhile")).Text.Should().Be("meanwhile\n");
        }
        finally
        {
            (await ToolRun.Of("chattr", ["-i", file])).ExitCode.Should().Be(0);
        }

        await Eventually.Holds(async () => (await http.Client.GetAsync("/readyz")).IsSuccessStatusCode, "the history works again");
        foreach (long id in accepted)
        {
            (await http.Client.Ended(id)).Text("state").Should().Be("succeeded");
        }
    }

    [Fact]
    public async Task Row_24_A_file_that_was_replaced_is_not_written_to()
    {
        await using HttpDaemon http = await HttpDaemon.Start();
        await http.Client.SubmitToEnd("true");
        string file = http.Daemon.Folder["data/history.db"];
        File.Move(file, file + ".moved");
        await File.WriteAllTextAsync(file, "somebody else's");

        using HttpResponseMessage refused = await http.Client.PostAsync("/v1/jobs", Requests.Json(Requests.Shell("true")));

        refused.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        (await http.Daemon.Run("echo on")).Text.Should().Be("on\n");
        (await File.ReadAllTextAsync(file)).Should().Be("somebody else's");
    }

    [Fact]
    public async Task Row_28_What_the_disk_did_not_keep_is_not_acknowledged()
    {
        await using HttpDaemon http = await HttpDaemon.Start();
        using Process strace = Process.Start(new ProcessStartInfo(
            "strace",
            [
                "-f", "-q", "-p", http.Daemon.Pid.ToString(System.Globalization.CultureInfo.InvariantCulture), "-o", "/dev/null",
                "-e", "trace=fdatasync,fsync", "-e", "inject=fdatasync,fsync:error=EIO",
            ])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        })!;
        await Eventually.Holds(() => strace.HasExited || AllThreadsAreTraced(http.Daemon.Pid), "the daemon's calls can be made to fail");
        Assert.SkipUnless(!strace.HasExited, "processes cannot be traced here");
        try
        {
            using HttpResponseMessage refused = await http.Client.PostAsync("/v1/jobs", Requests.Json(Requests.Shell("true", "\"name\":\"refused\"")));
            refused.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
            (await http.Daemon.Run("echo meanwhile")).Text.Should().Be("meanwhile\n");
        }
        finally
        {
            await ToolRun.Of("kill", ["-INT", strace.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            await strace.WaitForExitAsync();
        }

        await http.Client.SubmitToEnd("true");
        (await http.Client.GetStringAsync("/v1/jobs")).Should().Contain("meanwhile").And.NotContain("refused");
    }

    private static bool AllThreadsAreTraced(int pid) => Directory.EnumerateDirectories($"/proc/{pid}/task").All(task =>
        File.ReadLines(Path.Combine(task, "status")).First(line => line.StartsWith("TracerPid:", StringComparison.Ordinal)) != "TracerPid:\t0");
}
