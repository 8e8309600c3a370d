namespace Kuid.Sysreq.Tests.Evaluation;

/// <summary>Compound commands, functions and errors within pipelines.</summary>
public sealed class PipelineSpecs
{
    [Theory]
    [InlineData("{ echo b; pwd; } | to json", "[{\"string\":\"b\",\"path\":null},{\"string\":null,\"path\":\"/\"}]")]
    [InlineData("for i in b a; do echo $i; done | sort", "a\nb\n")]
    [InlineData("f() { echo \"$1\"; }; f x | to json", "[{\"string\":\"x\"}]")]
    [InlineData("f() { ls $1 | select name $2; }; f /proc/self/net/../fd inode | head 0 | to json", "[]")]
    [InlineData("if false; then echo; else pwd; fi | to json", "[{\"string\":null,\"path\":\"/\"}]")]
    [InlineData("while true; do echo y; done | head 2", "y\ny\n")]
    [InlineData("{ echo a; echo b; } | while read x; do echo \"<$x>\"; done", "<a>\n<b>\n")]
    [InlineData("{ echo 1; echo 2; echo 3; } | { read x; echo first $x; count; }", "first 1\n2\n")]
    [InlineData("{ echo kept > /dev/null; pwd; } | to json", "[{\"path\":\"/\"}]")]
    public async Task A_compound_is_a_stage_with_the_columns_of_all_that_is_in_it(string script, string output)
    {
        Outcome outcome = await Shells.RunAsync($"cd /; {script}");
        outcome.Errors.Should().BeEmpty();
        outcome.Output.TrimEnd('\n').Should().Be(output.TrimEnd('\n'));
    }

    [Theory]
    [InlineData("cd /nope |& to json")]
    [InlineData("cd /nope 2>&1 | to json")]
    [InlineData("{ cd /nope; } |& to json")]
    [InlineData("f() { cd /nope; }; f 2>&1 | to json")]
    public async Task Errors_flow_on_as_rows(string script)
    {
        Outcome outcome = await Shells.RunAsync(script);
        outcome.Errors.Should().BeEmpty();
        outcome.Output.Should().Contain("\"error\":").And.Contain("/nope: no such file or directory").And.Contain("ENOENT");
    }

    [Fact]
    public async Task Rows_and_errors_share_the_columns_and_columns_on_demand_keep_their_places()
    {
        Outcome outcome = await Shells.RunAsync("ls /proc/self/status /nope |& select error size name | to jsonl");
        outcome.Errors.Should().BeEmpty();
        outcome.Output.Should().Contain("\"error\":null,\"size\":0,\"name\":\"/proc/self/status\"").And.Contain("no such file");
    }

    [Fact]
    public async Task A_column_that_was_not_known_before_the_compound_ran_is_left_out_and_said()
    {
        Outcome outcome = await Shells.RunAsync("c=inode; for i in 1; do ls / | select name $c | head 1; done | to json");
        outcome.Errors.Should().Contain("the column inode is left out");
    }

    [Fact]
    public async Task A_stage_that_nobody_reads_still_runs()
    {
        using var folder = new TestKit.TempFolder();
        Outcome outcome = await Shells.RunAsync($"mkdir {folder["made"]} | echo done");
        outcome.Should().Be(new Outcome("done\n", "", 0));
        Directory.Exists(folder["made"]).Should().BeTrue();
    }

    [Fact]
    public async Task What_head_leaves_is_never_made()
    {
        using var folder = new TestKit.TempFolder();
        Outcome outcome = await Shells.RunAsync($"cd {folder.Path}; for i in 1 2 3; do mkdir $i; echo $i; done | head 2; ls | where name !~ '^\\.' | count");
        outcome.Should().Be(new Outcome("1\n2\n2\n", "", 0));
    }

    [Fact]
    public async Task Time_is_said_on_the_error_stream()
    {
        Outcome outcome = await Shells.RunAsync("time pwd");
        outcome.Errors.Should().MatchRegex(@"^real \d+\.\d{3} s, \d+ system calls\n$");
    }
}
