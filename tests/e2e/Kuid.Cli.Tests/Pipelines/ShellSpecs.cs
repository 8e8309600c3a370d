namespace Kuid.Cli.Tests.Pipelines;

/// <summary>kuid shell at a terminal.</summary>
public sealed class ShellSpecs
{
    [Fact]
    public async Task It_greets_with_who_answers_and_prints_rows_as_a_table()
    {
        await using ShellTerminal shell = await ShellTerminal.Start(SysreqServer.Command, width: 160);

        await shell.Tmux.Shows($"Server (version 1, x86_64, {SysreqServer.Command}) is ready.\nType :help for help.\n".Replace("x86_64", Machine, StringComparison.Ordinal));
        (await shell.Tmux.Screen()).Contains("The server runs as root: what is typed here has every right on that machine.", StringComparison.Ordinal)
            .Should().Be(Environment.UserName == "root");
        await shell.Enter("echo 漢字 b | rename string s", "s\n漢字 b\n");
    }

    [Fact]
    public async Task Keys_edit_the_line()
    {
        await using ShellTerminal shell = await ShellTerminal.Start();
        Tmux tmux = shell.Tmux;

        await tmux.Type("cho 漢字x");
        await tmux.Press("BSpace", "C-a");
        await tmux.Type("e");
        await shell.Has("echo 漢字");
        await tmux.Press("C-e", "Left", "Left", "Delete", "Home", "M-f", "Right");
        await tmux.Type("'a' ");
        await shell.Has("echo 'a' 字");
        (await tmux.Cursor()).Column.Should().Be(shell.Prompt.Length + "echo 'a' ".Length);
        await tmux.Press("End", "C-w", "C-w", "C-y", "C-u", "C-y", "C-y", "C-a", "C-k", "C-y");
        await shell.Has("echo 'a' echo 'a'");
        await tmux.Press("C-b", "C-b", "C-t", "C-h", "C-d", "C-l");
        await tmux.Until(screen => !screen.Contains('\n', StringComparison.Ordinal) && screen.StartsWith(shell.Prompt, StringComparison.Ordinal), "the screen has the line alone");
        await tmux.Press("C-c");
        await tmux.Shows("^C");
        await shell.Asks();
    }

    [Fact]
    public async Task A_line_that_is_not_complete_goes_on_below()
    {
        await using ShellTerminal shell = await ShellTerminal.Start();
        Tmux tmux = shell.Tmux;

        await tmux.Enter("for x in 1 2; do");
        await tmux.LastLineIs(">");
        await tmux.Enter("echo \"<$x>\"");
        await tmux.Enter("done");
        await tmux.Shows("<1>\n");
        await tmux.Shows("<2>\n");
        await shell.Asks();

        // It comes back whole, and the arrows go through its lines.
        await tmux.Press("Up");
        await tmux.LastLineIs("> done");
        await tmux.Press("Up", "Up", "C-a", "C-k");
        await tmux.Type("for x in 3; do");
        await tmux.Press("Enter");
        await tmux.Shows("<3>\n");
    }

    [Fact]
    public async Task What_is_pasted_runs_only_when_Enter_is_pressed()
    {
        await using ShellTerminal shell = await ShellTerminal.Start();

        await shell.Tmux.Paste("echo a\necho b\n");
        await shell.Tmux.LastLineIs(">");
        (await shell.Tmux.Screen()).Should().NotContain("string");
        await shell.Tmux.Press("Enter");
        await shell.Tmux.Shows("string\na\nstring\nb\n");
    }

    [Fact]
    public async Task A_long_line_wraps_and_is_right_after_a_resize()
    {
        await using ShellTerminal shell = await ShellTerminal.Start(width: 60);
        string text = "echo " + string.Concat(Enumerable.Range(0, 30).Select(i => $"{i % 10}漢"));
        await shell.Tmux.Type(text);
        await Reads(shell, text);

        await shell.Tmux.Resize(37, 20);
        await shell.Tmux.Press("C-e");
        await Reads(shell, text);

        await shell.Tmux.Resize(90, 20);
        await shell.Tmux.Press("Left", "BSpace");
        await Reads(shell, text[..^2] + "漢");
        await shell.Tmux.Press("Enter");
        await shell.Tmux.Shows("string\n0漢1漢");
    }

    [Fact]
    public async Task History_lasts_across_runs_and_is_searched()
    {
        using var state = new TempFolder();
        await using (ShellTerminal first = await ShellTerminal.Start(state: state))
        {
            await first.Enter("echo one", "one\n");
            await first.Enter("echo two", "two\n");
            await first.Enter("echo two", "two\n");
            await first.Enter(" echo secret", "secret\n");
            await first.Tmux.Press("C-d");
            (await first.Tmux.Ends()).Should().Be(0);
        }

        File.ReadAllLines(state["kuid/shell_history"]).Should().Equal("echo one", "echo two");
        await using ShellTerminal second = await ShellTerminal.Start(state: state);
        await second.Tmux.Press("Up");
        await second.Has("echo two");
        await second.Tmux.Press("Up");
        await second.Has("echo one");
        await second.Tmux.Press("Up", "Down", "Down");
        await second.Has(string.Empty);
        await second.Tmux.Press("C-r");
        await second.Tmux.Type("on");
        await second.Tmux.LastLineIs("(search) on: echo one");
        await second.Tmux.Press("C-g");
        await second.Has(string.Empty);
        await second.Tmux.Press("C-r");
        await second.Tmux.Type("tw");
        await second.Tmux.Press("C-e");
        await second.Has("echo two");
    }

    [Fact]
    public async Task Tab_completes_commands_columns_variables_and_paths()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["a dir"]);
        await File.WriteAllTextAsync(folder["a dir/only"], "x", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder["beta1"], "x", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder["beta2"], "x", TestContext.Current.CancellationToken);
        await using ShellTerminal shell = await ShellTerminal.Start(width: 120);
        Tmux tmux = shell.Tmux;

        await Completes("una", "uname ");
        await Completes("ls / | where siz", "ls / | where size ");
        await Completes("ps | xargs pstat | select pi", "ps | xargs pstat | select pid ");
        await Completes("LONG_NAME=1; LONG_NAME2=2; sort -", "LONG_NAME=1; LONG_NAME2=2; sort -");
        await Completes($"cat {folder.Path}/a", $"cat {folder.Path}/a\\ dir/");
        await Completes($"cat '{folder.Path}/a dir/o", $"cat '{folder.Path}/a dir/only' ");
        await Completes(":help una", ":help uname ");

        await tmux.Type($"cat {folder.Path}/b");
        await tmux.Press("Tab");
        await shell.Has($"cat {folder.Path}/beta");
        await tmux.Press("Tab");
        await tmux.Shows("beta1  beta2\n");
        await shell.Has($"cat {folder.Path}/beta");

        async Task Completes(string typed, string completed)
        {
            await tmux.Type(typed);
            await tmux.Press("Tab");
            await shell.Has(completed);
            await tmux.Press("C-c");
            await shell.Asks();
        }
    }

    [Fact]
    public async Task Ctrl_C_ends_the_pipeline_and_not_the_shell()
    {
        await using ShellTerminal shell = await ShellTerminal.Start(SysreqServer.Command);
        string before = shell.Prompt;

        await shell.Tmux.Enter("echo begun; sleep 1000");
        await shell.Tmux.Shows("begun\n");
        await shell.Tmux.Press("C-c");
        await shell.Asks();

        shell.Prompt.Should().Be(before, "the connection is the same");
        await shell.Enter("echo $?", "130\n");
    }

    [Fact]
    public async Task Mistakes_are_said_and_the_shell_goes_on()
    {
        await using ShellTerminal shell = await ShellTerminal.Start();

        await shell.Enter("ps | | head", "kuid: 1:6: a command is missing between `|` and `|`\nps | | head\n     ^\n");
        await shell.Enter("ls /nope", "ls: /nope: no such file or directory\n");
        await shell.Enter(":hlep", "kuid: there is no :hlep (did you mean :help?); there are :help and :quit\n");
        await shell.Enter(":help zzz", "kuid: there is no command zzz; :help lists them\n");
        await shell.Enter(":help basename", "basename PATH...\n");
        await shell.Tmux.Enter("exit 3");
        (await shell.Tmux.Ends()).Should().Be(3);
    }

    [Theory]
    [InlineData("local")]
    [InlineData("exec")]
    public async Task A_program_has_the_terminal_and_gives_it_back(string kind)
    {
        await using ShellTerminal shell = await ShellTerminal.Start(kind == "exec" ? SysreqServer.Command : kind);
        Tmux tmux = shell.Tmux;

        await tmux.Enter("cd /usr");
        await shell.Asks();
        await tmux.Enter("!env PS1='inner: ' sh -i");
        await tmux.LastLineIs("inner:");
        await tmux.Enter("stty size; pwd; tty < /dev/tty > /dev/null && echo it is a terminal");
        await tmux.Shows("24 80\n/usr\nit is a terminal\n");
        await tmux.Enter("until [ \"$(stty size)\" = '20 70' ]; do sleep 0.1; done; echo resized");
        await tmux.Resize(70, 20);
        await tmux.Shows("resized\ninner:");

        // Ctrl-C is the program's, and ends what it runs in the foreground.
        await tmux.Enter("cat");
        await tmux.Enter("it runs");
        await tmux.Shows("it runs\nit runs\n");
        await tmux.Press("C-c");
        await tmux.LastLineIs("inner:");
        await tmux.Enter("exit 5");
        await shell.Asks();
        await shell.Enter("pwd", "/usr\n");
        await shell.Enter("!exit 5", "exit 5");
    }

    [Fact]
    public async Task A_lost_connection_is_said_and_the_next_line_opens_another()
    {
        await using ShellTerminal shell = await ShellTerminal.Start(SysreqServer.Command);
        string pid = shell.Prompt.Trim('(', ' ', '>', ')');

        (await ToolRun.Of("kill", ["-KILL", pid])).ExitCode.Should().Be(0);
        await shell.Tmux.Enter("pwd");
        await shell.Tmux.Shows("kuid: the connection is lost: ");
        await shell.Asks();
        shell.Prompt.Should().Be("(no connection)> ");
        await shell.Enter("echo again", "again\n");
        shell.Prompt.Should().NotBe("(no connection)> ").And.NotContain(pid);
    }

    private static string Machine { get; } =
        System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "aarch64" : "x86_64";

    // What stands on the screen from the prompt on, its rows joined.
    private static Task Reads(ShellTerminal shell, string text) => shell.Tmux.Until(
        screen => screen.Split(shell.Prompt)[^1].Replace("\n", string.Empty, StringComparison.Ordinal) == text, $"the line is {text}");
}
