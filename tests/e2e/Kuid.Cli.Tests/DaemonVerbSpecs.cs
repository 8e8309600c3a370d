using System.Diagnostics;
using System.Text.Json;

namespace Kuid.Cli.Tests;

/// <summary>The other verbs with real jobs.</summary>
public sealed class DaemonVerbSpecs(RealDaemon daemon)
{
    [Fact]
    public async Task A_job_is_submitted_followed_waited_for_and_shown()
    {
        using var folder = new TempFolder();
        string id = await Submit("--name", "long", "--label", "team=web", "-c", $"echo out; echo err >&2; while [ ! -e {folder["go"]} ]; do sleep 0.05; done; echo end; exit 5");
        using Process logs = KuidCommand.Start(daemon.Socket, "logs", "-f", id);
        (await logs.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)).Should().Be("out");
        (await logs.StandardError.ReadLineAsync(TestContext.Current.CancellationToken)).Should().Be("err");
        (await daemon.Kuid("ps", "-o", "id")).Text.Split('\n').Should().Contain(id);
        Task<ToolRun> waiting = daemon.Kuid("wait", id);

        await File.WriteAllTextAsync(folder["go"], string.Empty, TestContext.Current.CancellationToken);

        (await waiting).ExitCode.Should().Be(5);
        (await logs.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Should().Be("end\n");
        (await KuidCommand.WaitForExit(logs)).Should().Be(0);
        (await daemon.Kuid("ps", "-o", "id")).Text.Split('\n').Should().NotContain(id);
        (await daemon.Kuid("ps", "-a", "--limit", "500", "-o", "id")).Text.Split('\n').Should().Contain(id);
        string table = (await daemon.Kuid("show", id)).Text;
        table.Should().Contain("state\tfailed\n").And.Contain("exitCode\t5\n").And.Contain("labels\tteam=web\n").And.Contain("name\tlong\n");
        using JsonDocument json = JsonDocument.Parse((await daemon.Kuid("show", id, "-o", "json")).Text);
        json.RootElement.GetProperty("stdoutBytes").GetInt64().Should().Be("out\nend\n".Length);
    }

    [Fact]
    public async Task Logs_are_there_after_the_end_whole_or_their_tail()
    {
        string id = await Submit("-c", "printf 12345; printf abcde >&2");
        (await daemon.Kuid("wait", id)).ExitCode.Should().Be(0);

        ToolRun whole = await daemon.Kuid("logs", id), tail = await daemon.Kuid("logs", "--tail", "2", id), one = await daemon.Kuid("logs", "--stderr", id);

        (whole.Text, whole.Stderr).Should().Be(("12345", "abcde"));
        (tail.Text, tail.Stderr).Should().Be(("45", "de"));
        (one.Text, one.Stderr).Should().Be((string.Empty, "abcde"));
    }

    [Theory]
    [InlineData(1024 * 1024)]
    [InlineData((1024 * 1024) + 1)]
    [InlineData(5_000_000)]
    public async Task A_submitted_stdin_arrives_whole(int length)
    {
        using var folder = new TempFolder();
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        await File.WriteAllBytesAsync(folder["in"], bytes, TestContext.Current.CancellationToken);

        string id = await Submit("--stdin", folder["in"], "cat");

        (await daemon.Kuid("wait", id)).ExitCode.Should().Be(0);
        (await daemon.Kuid("logs", "--stdout", id)).Stdout.AsSpan().SequenceEqual(bytes).Should().BeTrue();
    }

    [Fact]
    public async Task Cancelling_twice_is_as_good_as_once()
    {
        string id = await Submit("sleep", "1000");

        (await daemon.Kuid("cancel", id)).ExitCode.Should().Be(0);
        (await daemon.Kuid("wait", id)).ExitCode.Should().Be(143);
        ToolRun again = await daemon.Kuid("cancel", id, "-o", "id");

        (again.ExitCode, again.Text, again.Stderr).Should().Be((0, id + "\n", string.Empty));
    }

    [Fact]
    public async Task Waiting_for_one_that_ended_without_a_code_of_its_own_says_why()
    {
        string id = await Submit("--after", "999999999", "true");

        ToolRun run = await daemon.Kuid("wait", id);

        (run.ExitCode, run.Text).Should().Be((125, string.Empty));
        run.Stderr.Should().Be($"kuid: job {id} failed: dependency, job 999999999, which it comes after, is not there\n");
    }

    [Fact]
    public async Task A_signal_reaches_the_job()
    {
        string id = await Submit("-c", "trap 'exit 6' USR1; echo ready; while :; do sleep 0.05; done");
        await Eventually.Holds(async () => (await daemon.Kuid("logs", id)).Text == "ready\n", "the trap is set");

        (await daemon.Kuid("signal", "USR1", id)).ExitCode.Should().Be(0);

        (await daemon.Kuid("wait", id)).ExitCode.Should().Be(6);
        ToolRun late = await daemon.Kuid("signal", "USR1", id);
        late.ExitCode.Should().Be(125);
        late.Stderr.Should().StartWith("kuid: ").And.Contain(id);
    }

    [Fact]
    public async Task The_newest_jobs_come_first()
    {
        await using TestDaemon own = await TestDaemon.Start();
        Task<ToolRun> Kuid(params string[] words) => KuidCommand.Run(words, default, ("KUID_SOCKET", RealDaemon.SocketOf(own)));
        var ids = new List<string>();
        for (int i = 0; i < 5; i++)
        {
            ids.Add((await Kuid("submit", "true")).Text.TrimEnd('\n'));
        }

        (await Kuid("ps", "-a", "--limit", "3", "-o", "id")).Text.Should().Be($"{ids[4]}\n{ids[3]}\n{ids[2]}\n");
    }

    [Theory]
    [InlineData("show")]
    [InlineData("logs")]
    [InlineData("wait")]
    [InlineData("cancel")]
    public async Task A_job_that_is_not_there_is_told(string verb)
    {
        ToolRun run = await daemon.Kuid(verb, "987654321");

        run.ExitCode.Should().Be(125);
        run.Stderr.Should().StartWith("kuid: ").And.Contain("987654321");
        run.Stderr.Trim('\n').Should().NotContain("\n", "one line says it");
    }

    [Fact]
    public async Task A_submission_that_makes_no_sense_is_refused_with_the_member_that_is_wrong()
    {
        ToolRun run = await daemon.Kuid("run", "-n", "--name", new string('n', 201), "true");

        run.ExitCode.Should().Be(125);
        run.Stderr.Should().StartWith("kuid: ").And.Contain("/name");
    }

    [Fact]
    public async Task Version_asks_the_daemon() =>
        (await daemon.Kuid("version")).Text.Should().MatchRegex(@"^kuid [^\n]+\nkuid-jobd [^\n]+\n$");

    [Fact]
    public async Task Over_TCP_the_daemons_token_opens()
    {
        string port = TestDaemon.FreePort();
        await using TestDaemon own = await TestDaemon.Start(["--http", "127.0.0.1:" + port]);
        string[] reach = ["--url", "http://127.0.0.1:" + port, "--token-file"];
        await File.WriteAllTextAsync(own.Folder["wrong"], "0123456789abcdef", TestContext.Current.CancellationToken);

        (await KuidCommand.Run([.. reach, own.Folder["data/token"], "run", "-n", "-c", "echo in; exit 3"]))
            .Should().BeEquivalentTo(new { ExitCode = 3, Text = "in\n", Stderr = string.Empty });
        ToolRun refused = await KuidCommand.Run([.. reach, own.Folder["wrong"], "ps"]);

        refused.ExitCode.Should().Be(125);
        refused.Stderr.Should().Contain("--token-file");
    }

    private async Task<string> Submit(params string[] words)
    {
        ToolRun run = await daemon.Kuid(["submit", .. words]);
        (run.ExitCode, run.Stderr).Should().Be((0, string.Empty));
        return run.Text.TrimEnd('\n');
    }
}
