namespace Kuid.Sysreq.Tests.Evaluation;

/// <summary>What is said when something goes wrong, and what goes on after it.</summary>
public sealed class FailureSpecs
{
    [Theory]
    [InlineData("sortt; echo $?", "sortt: there is no such command; did you mean sort?\n")]
    [InlineData("ls | nosuchthing; echo $?", "nosuchthing: there is no such command; `help` lists what there is, and `run` runs a program of the remote system\n")]
    public async Task An_unknown_command_is_127_with_a_suggestion(string script, string errors) =>
        (await Shells.RunAsync(script)).Should().Be(new Outcome("127\n", errors, 0));

    [Theory]
    [InlineData("echo $((1 / 0)); echo on $?", "echo: division by zero\n", "on 1\n")]
    [InlineData("echo $((5 % 0)); echo on $?", "echo: division by zero\n", "on 1\n")]
    [InlineData("x='1 +'; echo $((x)); echo on $?", "echo: `1 +` is no number\n", "on 1\n")]
    [InlineData("a=b b=a; echo $((a)); echo on $?", "echo: the variables behind `b` stand for one another without end\n", "on 1\n")]
    [InlineData("echo {1..999999999}; echo on $?", "echo: braces give more than 100000 words\n", "on 1\n")]
    [InlineData("echo {1..999}{1..999}{1..999}; echo on $?", "echo: braces give more than 100000 words\n", "on 1\n")]
    [InlineData("f() { f; }; f; echo on $?", "f: functions call one another more than 200 deep\n", "on 1\n")]
    [InlineData("f() { echo $(f); }; x=$(f); echo on", "f: functions call one another more than 200 deep\n", "on\n")]
    [InlineData("break; echo on $?", "break: stands outside of a loop\n", "on 1\n")]
    [InlineData("return; echo on $?", "return: stands outside of a function\n", "on 2\n")]
    [InlineData("cd /nope; echo on $?", "cd: /nope: no such file or directory\n", "on 1\n")]
    [InlineData("[ a = b; echo on $?", "[: the closing ] is missing\n", "on 2\n")]
    [InlineData("test 1 -eq x; echo on $?", "test: `x` is no whole number\n", "on 2\n")]
    [InlineData("export 1x=2; echo on $?", "export: 1x is no name of a variable: letters, digits and _, no digit first\n", "on 2\n")]
    [InlineData("wait 99; echo on $?", "wait: this shell has no background job 99\n", "on 127\n")]
    [InlineData("echo x > /nope/x; echo on $?", "echo: /nope/x: no such file or directory\n", "on 1\n")]
    [InlineData("lines < /nope; echo on $?", "lines: /nope: no such file or directory\n", "on 1\n")]
    public async Task A_command_that_fails_says_why_and_the_script_goes_on(string script, string errors, string output) =>
        (await Shells.RunAsync(script)).Should().Be(new Outcome(output, errors, 0));

    [Fact]
    public async Task A_variable_that_is_required_ends_the_script_and_not_the_session()
    {
        await using var session = await Shells.OpenAsync();
        Outcome first = await Shells.RunAsync(session, "for i in 1 2; do f() { : ${x:?must be given}; }; f; echo never; done; echo never");
        Outcome second = await Shells.RunAsync(session, "echo $?");
        first.Should().Be(new Outcome("", ":: x: must be given\n", 1));
        second.Output.Should().Be("1\n");
        session.ExitStatus.Should().BeNull();
    }

    [Fact]
    public async Task A_pipeline_with_a_stage_that_cannot_be_bound_does_nothing_at_all()
    {
        Outcome outcome = await Shells.RunAsync("{ cd /nope; echo ran; } | sort nocolumn; echo $?");
        outcome.Output.Should().Be("2\n");
        outcome.Errors.Should().StartWith("sort: the input has no column nocolumn").And.NotContain("cd:");
    }

    [Fact]
    public async Task A_stage_that_fails_leaves_the_stages_behind_it_what_came()
    {
        Outcome outcome = await Shells.RunAsync("{ echo a; cd /nope; echo b; } | sort -r; echo $?");
        outcome.Should().Be(new Outcome("b\na\n0\n", "cd: /nope: no such file or directory\n", 0));
    }
}
