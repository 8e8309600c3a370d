using System.Net;
using System.Text.Json;

namespace Kuid.Http.Tests;

/// <summary>The audit log: who asked for what at which door, whether it was allowed, and which job it became.</summary>
public sealed class AuditSpecs
{
    [Fact]
    public async Task Each_decision_is_a_line_with_who_what_where_and_which_job()
    {
        await using HttpDaemon daemon = await HttpDaemon.Start(tcp: true);
        string own = "uid:" + (await ToolRun.Of("id", ["-u"])).Text.Trim();
        (await daemon.Daemon.Run("true")).Status.Should().Be(0);
        long submitted = (await daemon.Client.SubmitToEnd("exit 0")).Long("id");
        using HttpClient wrong = daemon.Tcp("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), right = daemon.Tcp(daemon.Token);
        await wrong.GetAsync("/v1/queues");
        await right.GetAsync("/v1/queues");
        await daemon.Client.GetAsync("/healthz");

        JsonElement[] lines = [];
        await Eventually.Holds(
            async () => (lines = await Lines(daemon.Daemon.Folder["data/audit.log"])).Any(line => Is(line, "http", "token", "listQueues", allowed: true)), "the last is noted");
        JsonElement sockproc = lines.Single(line => line.Text("door") == "sockproc");
        (sockproc.Text("principal"), sockproc.Text("operation"), sockproc.Text("scope"), sockproc.GetProperty("allowed").GetBoolean()).Should().Be((own, "run", "run", true));
        using HttpResponseMessage job = await daemon.Client.GetAsync($"/v1/jobs/{sockproc.Long("job")}");
        (await job.Body()).Text("principal").Should().Be(own, "the history has the same principal");
        lines.Should().ContainSingle(line => Is(line, "http", own, "submitJob", allowed: true)).Which.Long("job").Should().Be(submitted);
        lines.Should().ContainSingle(line => Is(line, "http", "tcp:127.0.0.1", "listQueues", allowed: false)).Which.Long("status").Should().Be(401);
        lines.Should().NotContain(line => line.Text("operation") == "getHealth", "it needs no scope");
        File.GetUnixFileMode(daemon.Daemon.Folder["data/audit.log"]).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await File.ReadAllTextAsync(daemon.Daemon.Folder["data/audit.log"])).Should().NotContain(daemon.Token).And.NotContain("AAAAAAAAAAAAAAAA");
    }

    [Fact]
    public async Task Row_116_What_a_peer_sends_makes_no_line_of_its_own_in_any_log()
    {
        await using HttpDaemon daemon = await HttpDaemon.Start();
        foreach (string header in (string[])["Origin: http://x\u001b[31m\u0007", "Origin: {\"allowed\":true}", "Host: x\u001b[2Jy", "Sec-Fetch-Site: \u001b]0;x\u0007"])
        {
            using SockprocClient client = await SockprocClient.Connect(daemon.SocketPath);
            await client.Send($"POST /v1/jobs HTTP/1.1\r\n{(header.StartsWith("Host", StringComparison.Ordinal) ? string.Empty : "Host: localhost\r\n")}{header}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
            System.Text.Encoding.ASCII.GetString(await client.ReadToEnd()).Should().StartWith("HTTP/1.1 4");
        }

        await daemon.Daemon.Run("printf '\\033[31m' \u001b[31m\u0007 x");
        using HttpResponseMessage named = await daemon.Client.PostAsync("/v1/jobs?wait=30", Requests.Json("""{"kind":"shell","command":"true","name":"a\u001b[2J\nforged"}"""));
        using HttpResponseMessage path = await daemon.Client.GetAsync("/v1/services/%0d%0aforged%1b%5b31m/run");
        await Eventually.Holds(async () => (await Lines(daemon.Daemon.Folder["data/audit.log"])).Length >= 4, "decisions are noted");
        string audit = await File.ReadAllTextAsync(daemon.Daemon.Folder["data/audit.log"]);
        (audit + daemon.Daemon.Log).Should().NotContain("\u001b").And.NotContain("\u0007").And.NotContain("\nforged");
        foreach (JsonElement line in await Lines(daemon.Daemon.Folder["data/audit.log"]))
        {
            line.Text("door").Should().BeOneOf("http", "sockproc");
        }
    }

    [Fact]
    public async Task Row_16_A_reader_of_the_audit_log_that_sleeps_holds_nobody_up_and_what_is_lost_is_counted()
    {
        using var folder = new TempFolder();
        string pipe = folder["pipe"];
        (await ToolRun.Of("mkfifo", [pipe])).ExitCode.Should().Be(0);
        await using HttpDaemon daemon = await HttpDaemon.Start(["--audit-log", pipe]);

        // Open to be read, and nobody reads.
        await using var held = new FileStream(pipe, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        for (int round = 0; round < 24; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 500).Select(async _ => (await daemon.Client.GetAsync("/v1/queues")).StatusCode.Should().Be(HttpStatusCode.OK)));
        }

        (await daemon.Daemon.Answers(TimeSpan.FromSeconds(20))).Should().BeTrue();
        (await (await daemon.Client.GetAsync("/metrics")).Content.ReadAsStringAsync()).Should().MatchRegex("kuid_audit_dropped_total [1-9]");
    }

    [Fact]
    public async Task A_log_that_is_moved_away_is_begun_anew_and_one_that_cannot_be_written_stops_the_start()
    {
        await using HttpDaemon daemon = await HttpDaemon.Start();
        await daemon.Client.GetAsync("/v1/queues");
        string log = daemon.Daemon.Folder["data/audit.log"];
        await Eventually.Holds(async () => (await Lines(log)).Length == 1, "it is noted");
        File.Move(log, log + ".old");
        await daemon.Daemon.Signal("HUP");
        await Eventually.Holds(() => daemon.Daemon.Log.Contains("configuration read again", StringComparison.Ordinal), "the signal has come");
        await daemon.Client.GetAsync("/v1/queues");
        await Eventually.Holds(async () => File.Exists(log) && (await Lines(log)).Length == 1, "the new file is there");

        ToolRun run = await ToolRun.Of(Repository.Daemon, [daemon.Daemon.Folder["t"], "--foreground", "--data", daemon.Daemon.Folder["other"], "--audit-log", "/proc/none"]);
        run.ExitCode.Should().Be(111);
        run.Stderr.Should().Contain("--audit-log /proc/none");
    }

    private static bool Is(JsonElement line, string door, string principal, string operation, bool allowed) =>
        line.Text("door") == door && line.Text("principal") == principal && line.Text("operation") == operation && line.GetProperty("allowed").GetBoolean() == allowed;

    private static async Task<JsonElement[]> Lines(string path) =>
        [.. (await File.ReadAllLinesAsync(path)).Where(line => line.Length > 0).Select(line => JsonDocument.Parse(line).RootElement)];
}
