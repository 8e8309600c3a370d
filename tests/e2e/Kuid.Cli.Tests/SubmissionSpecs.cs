using System.Text.Json;

namespace Kuid.Cli.Tests;

/// <summary>What the words of <c>run</c> and <c>submit</c> become on the wire.</summary>
public sealed class SubmissionSpecs
{
    [Theory]
    [InlineData("grep -n -c x", """["grep","-n","-c","x"]""")]
    [InlineData("-n -- -strange", """["-strange"]""")]
    [InlineData("--name n ls --name m", """["ls","--name","m"]""")]
    [InlineData("--name=n ls --help", """["ls","--help"]""")]
    [InlineData("env -- x", """["env","--","x"]""")]
    [InlineData("echo @file [x] --", """["echo","@file","[x]","--"]""")]
    public async Task What_follows_the_program_is_the_programs(string words, string argv)
    {
        JsonElement submission = await Submitted(["run", .. words.Split(' ')]);

        submission.GetProperty("argv").GetRawText().Should().Be(argv);
        submission.GetProperty("kind").GetString().Should().Be("argv");
    }

    [Fact]
    public async Task Every_option_has_its_member()
    {
        JsonElement submission = await Submitted(
        [
            "run", "-n", "--name", "nightly", "--queue", "builds", "--label", "a=b=c", "--label", "team=", "--env", "X=1", "--env", "FROM_HERE",
            "--cwd", "/srv", "--timeout", "2.5", "--priority", "-5", "-c", "echo $X | cat",
        ]);

        submission.GetRawText().Should().Be(
            """{"kind":"shell","command":"echo $X | cat","queue":"builds","name":"nightly","labels":{"a":"b=c","team":""},"""
            + """
              "env":{"X":"1","FROM_HERE":"here"},"cwd":"/srv","stdinMode":"none","timeoutSeconds":2.5,"follow":true,"priority":-5}
              """);
    }

    [Fact]
    public async Task Every_policy_and_limit_has_its_member()
    {
        JsonElement submission = await Submitted(
        [
            "submit", "--not-before", "2026-03-01T12:00:00+01:00", "--expires-in", "1h", "--max-attempts", "5", "--retry-backoff", "0.5", "--after", "3,4", "--after", "9",
            "--after-mode", "end", "--key", "db", "--key-policy", "replace", "--kill-grace", "0", "--max-output", "1.5M", "--callback-url", "http://127.0.0.1:9/x", "--disconnect", "cancel", "--survive",
            "--limit-cpu", "2m", "--limit-memory", "1G", "--limit-file", "64K", "--limit-open-files", "99", "--limit-processes", "0", "--limit-core", "0", "true",
        ]);

        submission.GetRawText().Should().Be(
            """{"kind":"argv","argv":["true"],"stdinMode":"none","killGraceSeconds":0,"maxOutputBytes":1572864,"notBefore":"2026-03-01T11:00:00+00:00","expiresInSeconds":3600,"""
            + """
              "maxAttempts":5,"retryBackoffSeconds":0.5,"after":[3,4,9],"afterMode":"end","key":"db","keyPolicy":"replace",
              """
            + """
              "limits":{"cpuSeconds":120,"memoryBytes":1073741824,"fileBytes":65536,"openFiles":99,"processes":0,"coreBytes":0},"callbackUrl":"http://127.0.0.1:9/x","disconnect":"cancel","survive":true}
              """);
    }

    [Theory]
    [InlineData("--at", "2026-03-01 12:00", "2026-03-01T03:00:00+00:00")]
    [InlineData("--at", "2026-03-01T12:00:30", "2026-03-01T03:00:30+00:00")]
    [InlineData("--not-before", "2026-03-01T12:00:00.5Z", "2026-03-01T12:00:00.5+00:00")]
    public async Task A_time_without_an_offset_is_one_of_this_time_zone(string option, string time, string sent)
    {
        var job = new StubJob();
        await using StubDaemon stub = await job.Serve();

        (await KuidCommand.Run(["submit", option, time, "true"], default, ("KUID_SOCKET", stub.Socket), ("TZ", "Asia/Tokyo"))).Stderr.Should().BeEmpty();

        stub.Submissions.Single().Should().Contain($"\"notBefore\":\"{sent}\"");
    }

    [Fact]
    public async Task A_time_can_be_counted_from_now()
    {
        DateTimeOffset before = TimeProvider.System.GetUtcNow();

        DateTimeOffset sent = (await Submitted(["submit", "--at", "+2h", "true"])).GetProperty("notBefore").GetDateTimeOffset();

        sent.Should().BeOnOrAfter(before.AddHours(2)).And.BeBefore(TimeProvider.System.GetUtcNow().AddHours(2).AddSeconds(1));
    }

    [Fact]
    public async Task Run_is_in_the_current_folder_and_submit_in_the_daemons()
    {
        (await Submitted(["run", "-n", "ls"])).GetProperty("cwd").GetString().Should().Be(Environment.CurrentDirectory);
        (await Submitted(["submit", "ls"])).TryGetProperty("cwd", out _).Should().BeFalse();
    }

    [Fact]
    public async Task A_variable_that_is_not_set_cannot_be_passed_on()
    {
        ToolRun run = await KuidCommand.Run(["run", "--env", "NOT_SET_ANYWHERE", "ls"]);

        run.Stderr.Should().StartWith("kuid: run: --env NOT_SET_ANYWHERE: is not set here");
        run.ExitCode.Should().Be(125);
    }

    [Fact]
    public async Task Submit_prints_the_id_and_nothing_else()
    {
        var job = new StubJob();
        await using StubDaemon stub = await job.Serve();

        ToolRun run = await stub.Kuid("submit", "sleep", "1000");

        (run.ExitCode, run.Text, run.Stderr).Should().Be((0, "7\n", string.Empty));
        stub.Submissions.Single().Should().Contain("\"stdinMode\":\"none\"");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1024 * 1024)]
    public async Task Stdin_that_is_short_enough_travels_with_the_submission(int length)
    {
        using var folder = new TempFolder();
        byte[] bytes = Bytes(length);
        await File.WriteAllBytesAsync(folder["in"], bytes, TestContext.Current.CancellationToken);

        JsonElement submission = await Submitted(["submit", "--stdin", folder["in"], "cat"]);

        submission.GetProperty("stdinMode").GetString().Should().Be("inline");
        submission.GetProperty("stdin").GetBytesFromBase64().Should().Equal(bytes);
    }

    [Fact]
    public async Task A_longer_stdin_is_streamed_from_its_first_byte()
    {
        byte[] bytes = Bytes((3 * 1024 * 1024) + 1), received = [];
        var job = new StubJob
        {
            Stdin = async context =>
            {
                using var all = new MemoryStream();
                await context.Request.Body.CopyToAsync(all);
                received = all.ToArray();
            },
        };
        await using StubDaemon stub = await job.Serve();

        ToolRun run = await KuidCommand.Run(["submit", "--stdin", "-", "cat"], bytes, ("KUID_SOCKET", stub.Socket));

        (run.ExitCode, run.Text, run.Stderr).Should().Be((0, "7\n", string.Empty));
        stub.Submissions.Single().Should().Contain("\"stdinMode\":\"stream\"").And.NotContain("\"stdin\":");
        received.AsSpan().SequenceEqual(bytes).Should().BeTrue();
    }

    [Fact]
    public async Task A_stdin_that_is_not_there_is_told_before_anything_is_submitted()
    {
        var job = new StubJob();
        await using StubDaemon stub = await job.Serve();

        ToolRun run = await stub.Kuid("submit", "--stdin", "/nowhere", "cat");

        run.Stderr.Should().StartWith("kuid: --stdin /nowhere: ");
        run.ExitCode.Should().Be(125);
        stub.Submissions.Should().BeEmpty();
    }

    private static byte[] Bytes(int length)
    {
        byte[] bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        return bytes;
    }

    private static async Task<JsonElement> Submitted(string[] words)
    {
        var job = new StubJob();
        job.Finish();
        await using StubDaemon stub = await job.Serve();
        ToolRun run = await KuidCommand.Run(words, default, ("KUID_SOCKET", stub.Socket), ("FROM_HERE", "here"));
        (run.ExitCode, run.Stderr).Should().Be((0, string.Empty));
        using JsonDocument document = JsonDocument.Parse(stub.Submissions.Single());
        return document.RootElement.Clone();
    }
}
