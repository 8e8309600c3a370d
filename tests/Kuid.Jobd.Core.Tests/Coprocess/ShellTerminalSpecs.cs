using Kuid.Jobd.Core.Coprocess;

namespace Kuid.Jobd.Core.Tests.Coprocess;

/// <summary>Texts on a terminal, with and without it being the session's own.</summary>
public sealed class ShellTerminalSpecs
{
    public static TheoryData<string> Shells => TestShell.Shells;

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_terminal_is_a_terminal_and_its_modes_stay(string name)
    {
        await using TestShell shell = await TestShell.StartAsync(name);
        using Terminal terminal = shell.NewTerminal();
        byte[] before = terminal.Modes();

        foreach (bool onTerminal in new[] { false, true })
        {
            await shell.Evaluate("test -t 0 && test -t 1 && test -t 2 && tty", terminal.Line, terminal.Line, terminal.Line, onTerminal);
        }

        await terminal.Shows($"{terminal.Path}\r\n{terminal.Path}\r\n");
        terminal.Modes().Should().Equal(before);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task The_terminal_controls_an_interactive_text_and_only_for_as_long(string name)
    {
        await using TestShell shell = await TestShell.StartAsync(name);
        using Terminal terminal = shell.NewTerminal();

        await shell.Evaluate("echo to the terminal >/dev/tty; ps -o pgid=,tpgid= -p $$", terminal.Line, terminal.Line, terminal.Line, onTerminal: true);

        await terminal.Shows("to the terminal\r\n");
        string group = $"{shell.Shell.Pid}";
        await terminal.Shows($"{group} ");
        terminal.Shown.Split((char[])[' ', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries).Should().EndWith([group, group]);
        (await shell.Run("sh -c ': >/dev/tty' 2>/dev/null || echo none; ps -o tpgid= -p $$")).Stdout.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)
            .Should().Equal("none", "-1");
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Ctrl_C_ends_the_text_and_neither_the_session_nor_its_background_jobs(string name)
    {
        await using TestShell shell = await TestShell.StartAsync(name);
        using Terminal terminal = shell.NewTerminal();
        await shell.Run("x=kept");
        await shell.Evaluate("sleep 1000 & echo $! >$HOME/pid", terminal.Line, terminal.Line, terminal.Line, onTerminal: true);

        foreach (string text in new[]
        {
            "echo asleep; sleep 1000; echo not this", "echo busy; while :; do :; done; echo not this", "echo asking; read line; echo not this",
        })
        {
            Task<ShellStatus> evaluation = shell.Evaluate(text, terminal.Line, terminal.Line, terminal.Line, onTerminal: true);
            await terminal.Shows(text[5..text.IndexOf(';', StringComparison.Ordinal)] + "\r\n");
            ShellStatus status = await TestShell.Insist(evaluation, () => terminal.Type("\x03"));

            status.HasEnded.Should().BeFalse(text);
            status.Status.ExitCode.Should().Be(130, text);
            terminal.Shown.Should().NotContain("not this");
        }

        (await shell.Run("echo $x; kill -0 $(cat $HOME/pid) && kill $(cat $HOME/pid) && echo alive")).Stdout.Should().Be("kept\nalive\n");
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task What_is_typed_is_read(string name)
    {
        await using TestShell shell = await TestShell.StartAsync(name);
        using Terminal terminal = shell.NewTerminal();

        Task<ShellStatus> evaluation = shell.Evaluate("read line; echo got $line", terminal.Line, terminal.Line, terminal.Line, onTerminal: true);
        terminal.Type("typed\n");
        await evaluation;

        await terminal.Shows("got typed\r\n");
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task One_terminal_after_the_other_can_be_the_sessions(string name)
    {
        await using TestShell shell = await TestShell.StartAsync(name);
        for (int i = 0; i < 3; i++)
        {
            using Terminal terminal = shell.NewTerminal();
            await shell.Evaluate("sleep 1000 & jobs=\"$jobs $!\"; echo here >/dev/tty", terminal.Line, terminal.Line, terminal.Line, onTerminal: true);
            await terminal.Shows("here\r\n");
        }

        // Each terminal has hung up since, and nobody who was left behind there was.
        (await shell.Run("for job in $jobs; do kill $job && echo was alive; done")).Stdout.Should().Be("was alive\nwas alive\nwas alive\n");
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_terminal_of_another_session_stays_that_ones(string name)
    {
        await using TestShell owner = await TestShell.StartAsync(name);
        await using TestShell shell = await TestShell.StartAsync(name);
        using Terminal terminal = owner.NewTerminal();
        Task<ShellStatus> holding = owner.Evaluate("echo held; read line; sh -c ': >/dev/tty' && echo still", terminal.Line, terminal.Line, terminal.Line, onTerminal: true);
        await terminal.Shows("held");

        ShellStatus status = await shell.Evaluate("tty; sh -c ': >/dev/tty' 2>/dev/null || echo not mine", terminal.Line, terminal.Line, terminal.Line, onTerminal: true);

        status.Status.ExitCode.Should().Be(0);
        await terminal.Shows($"{terminal.Path}\r\nnot mine\r\n");
        terminal.Type("\n");
        await holding;
        await terminal.Shows("still");
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_text_with_the_flag_and_without_a_terminal_is_evaluated(string name)
    {
        await using TestShell shell = await TestShell.StartAsync(name);

        (await shell.Run("echo done", onTerminal: true)).Stdout.Should().Be("done\n");
    }
}
