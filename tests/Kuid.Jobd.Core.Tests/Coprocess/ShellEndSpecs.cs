using System.Globalization;
using Kuid.Jobd.Core.Coprocess;
using Kuid.Jobd.Core.Native;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Coprocess;

/// <summary>However a shell ends, whoever waits is answered.</summary>
public sealed class ShellEndSpecs
{
    public static TheoryData<string> Shells => TestShell.Shells;

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_shell_that_exits_answers_with_its_code_and_takes_no_more(string name)
    {
        await using TestShell shell = await TestShell.StartAsync(name);

        TestShell.Answer answer = await shell.Run("echo goodbye; exit 4; echo not this");

        answer.Stdout.Should().Be("goodbye\n");
        answer.Status.HasEnded.Should().BeTrue();
        answer.Code.Should().Be(4);
        await shell.Shell.Exited.WaitAsync(Reading.Limit);
        (await shell.Invoking(s => s.Run(":")).Should().ThrowAsync<CoprocessShellException>()).WithMessage("*has ended (exit 4)*");
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_shell_that_becomes_another_program_answers_when_that_ends(string name)
    {
        await using TestShell shell = await TestShell.StartAsync(name);

        TestShell.Answer answer = await shell.Run("(while :; do sleep 0.1; done) & echo $! >$HOME/pid; exec sh -c 'read line; echo \"program $line\"; exit 9'", "input\n");

        answer.Stdout.Should().Be("program input\n");
        answer.Status.HasEnded.Should().BeTrue();
        answer.Code.Should().Be(9);
        await ToolRun.Of("kill", ["-9", (await File.ReadAllTextAsync(shell.Folder["pid"])).Trim()]);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_shell_that_is_killed_answers_with_the_signal(string name)
    {
        await using TestShell shell = await TestShell.StartAsync(name);

        // A subshell that goes on has copies of all that the shell had.
        TestShell.Answer answer = await shell.Run("(while :; do sleep 0.1; done) & echo $! >$HOME/pid; kill -9 $$; sleep 1000");

        answer.Status.HasEnded.Should().BeTrue();
        answer.Status.Status.Signal.Should().Be(9);
        await ToolRun.Of("kill", ["-9", (await File.ReadAllTextAsync(shell.Folder["pid"])).Trim()]);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_shell_that_was_killed_between_two_texts_says_so_and_evaluates_nothing(string name)
    {
        await using TestShell shell = await TestShell.StartAsync(name);
        await ToolRun.Of("kill", ["-9", shell.Shell.Pid.ToString(CultureInfo.InvariantCulture)]);
        await shell.Shell.Exited.WaitAsync(Reading.Limit);

        (await shell.Invoking(s => s.Run("echo x")).Should().ThrowAsync<CoprocessShellException>()).WithMessage("*SIGKILL*");
        await shell.Shell.Invoking(s => s.DumpAsync()).Should().ThrowAsync<CoprocessShellException>();
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_session_that_is_closed_between_two_texts_leaves_as_from_a_script(string name)
    {
        await using TestShell shell = await TestShell.StartAsync(name);
        string path = shell.Folder["trap"];
        await shell.Run($"trap 'echo left >{path}' EXIT");

        await shell.Shell.DisposeAsync();

        (await File.ReadAllTextAsync(path)).Should().Be("left\n");
        shell.Shell.Exited.IsCompletedSuccessfully.Should().BeTrue();
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_session_that_is_closed_ends_the_text_that_runs_with_what_it_has_started(string name)
    {
        await using TestShell shell = await TestShell.StartAsync(name);
        (SafeFd read, SafeFd write) = LibcIo.Pipe();
        LibcIo.MakeNonBlocking(read);
        using var pipe = shell.Watched(read, EpollEvents.In);
        Task<ShellStatus> evaluation = shell.Evaluate("echo begun; trap '' HUP TERM; sleep 1000; sleep 1000", write, write, write);
        (await pipe.ReadLine()).Should().Be("begun");
        write.Dispose();

        await shell.Shell.DisposeAsync();

        ShellStatus status = await evaluation;
        status.HasEnded.Should().BeTrue();
        status.Status.Signal.Should().NotBeNull();
        (await pipe.ReadToEnd()).Should().BeEmpty("nobody is left who could write");
    }
}
