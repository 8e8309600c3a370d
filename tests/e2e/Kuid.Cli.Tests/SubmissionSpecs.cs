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
