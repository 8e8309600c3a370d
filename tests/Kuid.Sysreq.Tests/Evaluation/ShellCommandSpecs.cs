using Kuid.Sysreq.Pipeline;
using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Completion;

namespace Kuid.Sysreq.Tests.Evaluation;

/// <summary>xargs, help, and what every command of the shell says of itself.</summary>
public sealed class ShellCommandSpecs
{
    [Theory]
    [InlineData("{ echo a; echo b; echo c; } | xargs echo", "a b c\n")]
    [InlineData("{ echo a; echo b; echo c; } | xargs -n 2 echo x", "x a b\nx c\n")]
    [InlineData("{ echo 'a  b'; } | xargs -n 1 basename", "a  b\n")]
    [InlineData("ls / | head 0 | xargs echo never", "")]
    [InlineData("xargs -n 1 echo <<E\none line\nanother\nE", "one line\nanother\n")]
    [InlineData("ps | where pid == 1 | xargs pstat | select pid", "1\n")]
    [InlineData("ls /proc/self | where name == 'status' | xargs -c name echo", "status\n")]
    [InlineData("ls /proc/self | where name == 'comm' | xargs stat | count", "1\n")]
    public async Task Xargs_makes_arguments_of_rows(string script, string output)
    {
        Outcome outcome = await Shells.RunAsync(script);
        outcome.Should().Be(new Outcome(output, "", 0));
    }

    [Theory]
    [InlineData("echo -r")]
    [InlineData("echo --")]
    public async Task What_a_row_gives_is_no_option_whatever_it_looks_like(string rows)
    {
        Outcome outcome = await Shells.RunAsync($"cd /proc; {rows} | xargs rm");
        outcome.Errors.Should().Be($"rm: {rows["echo ".Length..]}: no such file or directory [ENOENT]\n");
    }

    [Theory]
    [InlineData("xargs echo", "xargs: needs rows to work on, as in ls | xargs\n", 2)]
    [InlineData("ls / | xargs nosuch", "xargs: there is no command nosuch for it to call; functions are called by `for` and `while read`\n", 127)]
    public async Task Xargs_refuses_what_it_cannot_do(string script, string errors, int status) =>
        (await Shells.RunAsync(script)).Should().Be(new Outcome("", errors, status));

    [Fact]
    public async Task Help_lists_every_command_and_tells_of_each()
    {
        Outcome all = await Shells.RunAsync("help | select command");
        all.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().Equal(CommandTable.All.Select(command => command.Name));
        Outcome one = await Shells.RunAsync("help cd | where topic == 'synopsis' | select text");
        one.Output.Should().Be("cd [DIRECTORY|-]\n");
        Outcome none = await Shells.RunAsync("help sortt");
        none.Should().Be(new Outcome("", "help: there is no command sortt; did you mean sort?\n", 2));
    }

    [Fact]
    public void Every_command_of_the_shell_has_an_example_that_parses()
    {
        foreach (Command command in ShellCommands.All)
        {
            command.Help.Examples.Should().NotBeEmpty(command.Name);
            foreach (string example in command.Help.Examples)
            {
                FluentActions.Invoking(() => Kuid.Sysreq.Grammar.ScriptParser.Parse(example)).Should().NotThrow(example);
            }
        }
    }

    [Theory]
    [InlineData("loc", 0, "local")]
    [InlineData("ls / | so", 7, "sort")]
    [InlineData("ls / | sort na", 12, "name")]
    [InlineData("ls / | where si", 13, "size")]
    [InlineData("cat /proc/self/stat", 4, "/proc/self/stat|/proc/self/statm|/proc/self/status")]
    [InlineData("echo x > /proc/self/ta", 9, "/proc/self/task/")]
    [InlineData("export -", 7, "-n")]
    [InlineData("echo $HO", 6, "HOME")]
    [InlineData("cat /nope/x", 4, "")]
    public async Task A_prompt_is_completed(string text, int start, string texts)
    {
        await using var session = await Shells.OpenAsync(new SessionOptions { Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["HOME"] = "/" } });
        ScriptCompletion completion = await session.CompleteAsync(text, text.Length, CancellationToken.None);
        completion.Start.Should().Be(start);
        completion.Items.Select(item => item.Text).Should().Equal(texts.Split('|', StringSplitOptions.RemoveEmptyEntries));
    }
}
