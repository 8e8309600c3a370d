using Kuid.Jobd.Core.Coprocess;
using Kuid.Jobd.Core.Native;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Coprocess;

/// <summary>SIGINT is for the text that is evaluated, and for no other.</summary>
public sealed class ShellInterruptSpecs
{
    public static TheoryData<string> Shells => TestShell.Shells;

    /// <summary>
    /// Without ash, which leaves its handler of SIGINT by longjmp wherever it was, in the C library too, and may hang there: once in
    /// some thousand interruptions, more often on a busy machine. Nothing but SIGKILL ends it then, which a cancelled job gets.
    /// </summary>
    public static TheoryData<string> SafeShells => ["bash", "dash"];

    [Theory]
    [MemberData(nameof(SafeShells))]
    public async Task An_interrupted_text_ends_and_its_session_goes_on(string name)
    {
        await using TestShell shell = await TestShell.StartAsync(name);
        await shell.Run("x=kept");
        foreach (string text in new[] { "sleep 1000; echo not this", "while :; do :; done; echo not this", "cat /dev/zero >/dev/null; echo not this" })
        {
            (ShellStatus status, string said) = await Interrupted(shell, text);
            status.HasEnded.Should().BeFalse(text);
            status.Status.ExitCode.Should().Be(130, text);
            said.Should().Be("begun\n");
            (await shell.Run("echo $x")).Stdout.Should().Be("kept\n");
        }
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_trap_for_it_is_the_texts_own_affair(string name)
    {
        await using TestShell shell = await TestShell.StartAsync(name);

        (ShellStatus status, string said) = await Interrupted(shell, "trap 'echo trapped' INT; echo ready; sleep 1000; echo after", "ready");

        said.Should().MatchRegex("^begun\nready\n(trapped\n)+after\n$");
        status.Status.ExitCode.Should().Be(0);
    }

    [Theory]
    [MemberData(nameof(SafeShells))]
    public async Task An_interruption_that_comes_before_the_text_has_started_is_for_the_text(string name)
    {
        await using TestShell shell = await TestShell.StartAsync(name);
        using SafeFd nothing = LibcFiles.InMemory("nothing");
        for (int i = 0; i < 20; i++)
        {
            // No program: a shell that is interrupted just before it starts one waits for that all the same.
            Task<ShellStatus> evaluation = shell.Evaluate("while :; do :; done", nothing, nothing, nothing);
            shell.Shell.Interrupt();
            (await evaluation).Status.ExitCode.Should().Be(130);
        }
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Nobody_is_interrupted_between_two_texts(string name)
    {
        await using TestShell shell = await TestShell.StartAsync(name);
        shell.Shell.Interrupt();
        await ToolRun.Of("kill", ["-INT", $"{shell.Shell.Pid}"]);

        (await shell.Run("echo first")).Stdout.Should().Be("first\n");
        await ToolRun.Of("kill", ["-INT", $"{shell.Shell.Pid}"]);
        (await shell.Run("sleep 0.01; echo second")).Stdout.Should().Be("second\n");
    }

    [Theory]
    [MemberData(nameof(SafeShells))]
    public async Task Interruptions_at_any_moment_cost_no_session(string name)
    {
        await using TestShell shell = await TestShell.StartAsync(name);
        using SafeFd nothing = LibcFiles.InMemory("nothing");
        await shell.Run("x=kept");
        for (int i = 0; i < 200; i++)
        {
            Task<ShellStatus> evaluation = shell.Evaluate("i=0; while [ $i -lt 200 ]; do i=$((i + 1)); done", nothing, nothing, nothing);
            Thread.SpinWait(i * 500);
            shell.Shell.Interrupt();
            (await evaluation).HasEnded.Should().BeFalse();
        }

        (await shell.Run("echo $x")).Stdout.Should().Be("kept\n");
    }

    private static async Task<(ShellStatus Status, string Said)> Interrupted(
        TestShell shell, string text, string until = "begun")
    {
        using SafeFd output = LibcFiles.InMemory("output");
        Task<ShellStatus> evaluation = shell.Evaluate("echo begun; " + text, output, output, output);
        await Eventually.Holds(() => Text().Contains(until, StringComparison.Ordinal), $"{text} has begun");
        return (await TestShell.Insist(evaluation, shell.Shell.Interrupt), Text());

        string Text() => System.Text.Encoding.ASCII.GetString(LibcFiles.ReadAll(output));
    }
}
