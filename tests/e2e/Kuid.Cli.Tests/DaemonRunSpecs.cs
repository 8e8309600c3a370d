using System.Diagnostics;
using System.Globalization;

namespace Kuid.Cli.Tests;

/// <summary><c>kuid run</c> with real jobs.</summary>
public sealed class DaemonRunSpecs(RealDaemon daemon)
{
    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 7", 7)]
    [InlineData("kill -9 $$", 137)]
    [InlineData("kill -TERM $$", 143)]
    [InlineData("no_such_command_at_all", 127)]
    public async Task It_exits_as_the_job_did(string script, int code)
    {
        (await daemon.Kuid("run", "-n", "--", "sh", "-c", script)).ExitCode.Should().Be(code);
        (await daemon.Kuid("run", "-n", "-c", script)).ExitCode.Should().Be(code);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_127_and_one_that_is_no_program_126()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["text"], "text", TestContext.Current.CancellationToken);

        ToolRun missing = await daemon.Kuid("run", "-n", folder["missing"]);
        ToolRun text = await daemon.Kuid("run", "-n", folder["text"]);

        (missing.ExitCode, text.ExitCode).Should().Be((127, 126));
        missing.Stderr.Should().MatchRegex(@"^kuid: job \d+ could not be started: .*missing.*\n$");
        text.Stderr.Should().MatchRegex(@"^kuid: job \d+ could not be started: .*text.*\n$");
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_no_fault_of_the_program() =>
        (await daemon.Kuid("run", "-n", "--cwd", "/no/such/folder", "true")).ExitCode.Should().Be(125);

    [Fact]
    public async Task Output_larger_than_what_is_kept_comes_whole()
    {
        ToolRun run = await daemon.Shell("\"$KUID\" run -n -- head -c 200M /dev/zero | wc -c; echo ${PIPESTATUS[0]}");

        (run.Text, run.Stderr).Should().Be(("209715200\n0\n", string.Empty));
    }

    [Fact]
    public async Task It_comes_whole_of_a_job_that_is_over_before_anybody_can_follow_it()
    {
        ToolRun run = await daemon.Kuid("run", "-n", "--max-output", "4", "-c", "echo 0123456789; echo abcdefghij >&2");

        (run.Text, run.Stderr, run.ExitCode).Should().Be(("0123456789\n", "abcdefghij\n", 0));
    }

    [Fact]
    public async Task Without_a_standard_input_of_its_own_the_job_has_an_empty_one()
    {
        ToolRun run = await daemon.Shell("\"$KUID\" run -- wc -c <&-; echo $?");

        run.Text.Should().Be("0\n0\n");
    }

    [Fact]
    public async Task A_timeout_is_124_whatever_the_job_makes_of_its_signal()
    {
        ToolRun run = await daemon.Kuid("run", "-n", "--timeout", "0.2", "--", "sh", "-c", "trap 'exit 0' TERM; while :; do sleep 0.05; done");

        run.ExitCode.Should().Be(124);
        run.Stderr.Should().MatchRegex(@"(^|\n)kuid: job \d+ took longer than its timeout of 200ms\n$", "the job's shell may have said something of its sleep before");
    }

    [Fact]
    public async Task The_streams_stay_apart_byte_for_byte()
    {
        ToolRun run = await daemon.Kuid("run", "-n", "-c", @"printf 'a\0\377\r\nb'; printf 'trouble' >&2; exit 3");

        run.Stdout.Should().Equal([(byte)'a', 0, 255, (byte)'\r', (byte)'\n', (byte)'b']);
        (run.Stderr, run.ExitCode).Should().Be(("trouble", 3));
    }

    [Fact]
    public async Task Fifty_megabytes_pass_through_cat()
    {
        using var folder = new TempFolder();

        ToolRun run = await daemon.Shell(
            $"head -c 52428800 /dev/urandom > {folder["f"]}; \"$KUID\" run -- cat < {folder["f"]} | cmp - {folder["f"]}; echo \"${{PIPESTATUS[@]}}\"");

        (run.Text, run.Stderr).Should().Be(("0 0\n", string.Empty));
    }

    [Fact]
    public async Task More_than_is_kept_passes_through_to_whoever_is_attached()
    {
        const string Bytes = "104857600";
        ToolRun run = await daemon.Shell($"\"$KUID\" run -n head -c {Bytes} /dev/zero | wc -c");

        run.Text.Should().Be(Bytes + "\n");
    }

    [Fact]
    public async Task A_job_that_does_not_read_its_stdin_ends_when_it_likes()
    {
        ToolRun run = await daemon.Shell("yes 2> /dev/null | \"$KUID\" run head -1; echo \"${PIPESTATUS[1]}\"");

        (run.Text, run.Stderr).Should().Be(("y\n0\n", string.Empty));
    }

    [Fact]
    public async Task A_stdin_that_stays_open_does_not_keep_kuid()
    {
        using Process kuid = KuidCommand.Start(daemon.Socket, "run", "sh", "-c", "read line; echo \"got $line\"; exit 4");
        await kuid.StandardInput.WriteAsync("hello\n");
        await kuid.StandardInput.FlushAsync(TestContext.Current.CancellationToken);

        (await KuidCommand.WaitForExit(kuid)).Should().Be(4);
        (await kuid.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Should().Be("got hello\n");
    }

    [Fact]
    public async Task A_job_runs_in_the_callers_folder_without_the_daemons_environment_and_with_what_is_added()
    {
        ToolRun run = await KuidCommand.Shell(
            "cd /usr && \"$KUID\" run -n --env ADDED=1 --env PASSED -c 'pwd; echo $OF_THE_DAEMON-$OF_THE_CALLER-$ADDED-$PASSED'",
            daemon.Socket,
            ("OF_THE_CALLER", "no"),
            ("PASSED", "on"));

        run.Text.Should().Be("/usr\n--1-on\n", "basic isolation gives a job an environment of its own");
    }

    [Theory]
    [InlineData("sleep 1000", 130)]
    [InlineData("trap 'exit 9' INT; echo ready; while :; do sleep 0.05; done", 9)]
    public async Task Ctrl_C_is_the_jobs(string script, int code)
    {
        using Process kuid = KuidCommand.Start(daemon.Socket, "run", "-n", "-c", "echo ready; " + script);
        (await kuid.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)).Should().Be("ready");
        if (script.Contains("echo ready", StringComparison.Ordinal))
        {
            (await kuid.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)).Should().Be("ready", "the trap is set");
        }

        await KuidCommand.Signal(kuid, "INT");

        (await KuidCommand.WaitForExit(kuid)).Should().Be(code);
    }

    [Fact]
    public async Task A_second_Ctrl_C_cancels_a_job_that_ignores_the_first()
    {
        using Process kuid = KuidCommand.Start(
            daemon.Socket, "run", "-n", "-c", "n=0; trap 'echo interrupted' INT; echo ready; while :; do sleep 0.05; done");
        (await kuid.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)).Should().Be("ready");

        await KuidCommand.Signal(kuid, "INT");
        (await kuid.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)).Should().Be("interrupted");
        await KuidCommand.Signal(kuid, "INT");

        (await KuidCommand.WaitForExit(kuid)).Should().Be(143);
    }

    [Fact]
    public async Task Nobody_who_reads_any_more_ends_the_job()
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"unread-{Environment.ProcessId}");

        ToolRun run = await daemon.Shell($"\"$KUID\" run -n --name {name} yes | head -1; echo \"${{PIPESTATUS[0]}}\"");

        (run.Text, run.Stderr).Should().Be(("y\n141\n", string.Empty));
        await Eventually.Holds(
            async () => (await daemon.Kuid("ps", "--state", "canceled", "--limit", "500")).Text.Contains(name, StringComparison.Ordinal),
            "the job is canceled");
    }
}
