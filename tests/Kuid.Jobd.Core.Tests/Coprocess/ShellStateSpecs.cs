namespace Kuid.Jobd.Core.Tests.Coprocess;

/// <summary>What stays from text to text, and what a text that fails leaves behind.</summary>
public sealed class ShellStateSpecs
{
    public static TheoryData<string> Shells => TestShell.Shells;

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Variables_functions_directory_arguments_umask_and_the_status_stay(string name)
    {
        await using TestShell shell = await TestShell.StartAsync(name);

        (await shell.Run("x='a b'; export y=exported; f() { echo \"f $1 $x\"; }; cd /usr; set -- one two; umask 027; (exit 7)")).Code.Should().Be(7);
        (await shell.Run("echo $?; f 1; pwd; echo $# $2; umask; sh -c 'echo $y'")).Stdout
            .Should().Be("7\nf 1 a b\n/usr\n2 two\n0027\nexported\n");
        (await shell.Run("alias greet='echo hello' command='echo hidden'")).Code.Should().Be(0);
        (await shell.Run("greet")).Stdout.Should().Be("hello\n");
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_text_has_many_lines_loops_and_here_documents(string name)
    {
        await using TestShell shell = await TestShell.StartAsync(name);

        TestShell.Answer answer = await shell.Run("x=5\nfor i in 1 2 3\ndo\n  echo line $i\ndone\ncat <<END\nhere $x\nEND\ncat <<'END'\nthere $x\nEND\necho last");

        answer.Should().Be(answer with { Stdout = "line 1\nline 2\nline 3\nhere 5\nthere $x\nlast\n", Stderr = "" });
        answer.Code.Should().Be(0);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task An_empty_text_and_one_of_two_megabytes_are_texts(string name)
    {
        await using TestShell shell = await TestShell.StartAsync(name);

        (await shell.Run("")).Code.Should().Be(0);
        string line = "n=$((n + 1)) # " + new string('x', 2000) + "\n";
        (await shell.Run(string.Concat(Enumerable.Repeat(line, 1000)) + "echo $n")).Stdout.Should().Be("1000\n");
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_syntax_error_is_said_on_the_clients_stderr_and_the_session_goes_on(string name)
    {
        await using TestShell shell = await TestShell.StartAsync(name);
        await shell.Run("x=kept");

        foreach (string broken in new[] { "if", "echo before\nif true; then (", "done", "echo 'open", "fi; fi" })
        {
            TestShell.Answer answer = await shell.Run(broken);
            answer.Status.HasEnded.Should().BeFalse(broken);
            answer.Code.Should().NotBe(0, broken);
            answer.Stderr.ToUpperInvariant().Should().MatchRegex("SYNTAX|UNEXPECTED|UNTERMINATED", broken);
            (await shell.Run("echo $x")).Stdout.Should().Be("kept\n");
        }
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_special_builtin_that_fails_ends_its_text_at_most_and_not_the_session(string name)
    {
        await using TestShell shell = await TestShell.StartAsync(name);
        await shell.Run("x=kept; readonly r=1");

        foreach (string failing in new[]
        {
            "r=2", "readonly r=3", ". /no/such/file", "export 1x=2", "set -o nosuch", "unset r", "trap - NOSUCH", "eval 'if'",
            "${nope?it is not set}", "set -u; echo $nope", "cd /no/such/folder", "nosuchcommand", ": </no/such/file",
        })
        {
            TestShell.Answer answer = await shell.Run(failing);
            answer.Status.HasEnded.Should().BeFalse(failing);
            answer.Code.Should().NotBe(0, failing);
            answer.Stderr.Should().NotBeEmpty(failing);
            (await shell.Run("set +u; echo $x")).Stdout.Should().Be("kept\n", failing);
        }
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Only_what_the_client_has_written_is_traced_and_echoed_to_it(string name)
    {
        await using TestShell shell = await TestShell.StartAsync(name, null, "PS4=+ ");
        await shell.Run("set -xv");

        TestShell.Answer traced = await shell.Run("echo one\n");

        traced.Stdout.Should().Be("one\n");
        traced.Stderr.Should().MatchRegex("^echo one\n\\++ echo one\n$");
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_shell_told_to_end_on_errors_does_and_answers(string name)
    {
        await using TestShell shell = await TestShell.StartAsync(name);
        (await shell.Run("set -e; false || echo handled")).Stdout.Should().Be("handled\n");

        TestShell.Answer answer = await shell.Run("echo before; (exit 6); echo after");

        answer.Stdout.Should().Be("before\n");
        answer.Status.HasEnded.Should().BeTrue();
        answer.Code.Should().Be(6);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_shell_told_to_execute_nothing_more_ends_or_takes_no_notice_and_never_hangs(string name)
    {
        await using TestShell shell = await TestShell.StartAsync(name);

        TestShell.Answer answer = await shell.Run("set -n");

        // bash, being interactive, ignores it; the others read their input to its end.
        answer.Status.HasEnded.Should().Be(name != "bash");
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Traps_stay_and_run_where_the_client_can_see_it(string name)
    {
        await using TestShell shell = await TestShell.StartAsync(name);
        await shell.Run("trap 'echo trapped' USR1; trap 'echo leaving' EXIT");

        (await shell.Run("kill -USR1 $$; :; echo next")).Stdout.Should().Be("trapped\nnext\n");
        TestShell.Answer answer = await shell.Run("exit 4");
        answer.Stdout.Should().Be("leaving\n");
        answer.Code.Should().Be(4);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task The_users_files_are_not_read_and_no_history_is_written(string name)
    {
        await using TestShell shell = await TestShell.StartAsync(
            name,
            folder =>
            {
                foreach (string file in new[] { ".bashrc", ".profile", ".bash_profile", ".shrc" })
                {
                    File.WriteAllText(folder[file], $"touch {folder["read"]}\n");
                }
            });
        await shell.Run("echo $HISTFILE; x=1\n");
        TestShell.Answer answer = await shell.Run("echo !! \"$HISTFILE\"; exit");

        answer.Stdout.Should().Be("!! \n", "an exclamation mark is none of history's either");
        Directory.GetFiles(shell.Folder.Path).Select(Path.GetFileName).Should()
            .NotContain("read").And.NotContain(file => file!.Contains("history", StringComparison.Ordinal));
    }
}
