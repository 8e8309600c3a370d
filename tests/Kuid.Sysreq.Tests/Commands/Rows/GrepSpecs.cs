using System.Text;
using Kuid.Sysreq.Pipeline.Rows;

namespace Kuid.Sysreq.Tests.Commands.Rows;

public sealed class GrepSpecs
{
    private static RowSource Processes => Stages.Rows("pid:int64 comm", [1, "init"], [12, "zsh"], [13, "sshd"], [20, "ZSH"]);

    [Theory]
    [InlineData("1", "1,init 12,zsh 13,sshd")]
    [InlineData("sh$", "12,zsh")]
    [InlineData("comm s", "12,zsh 13,sshd")]
    [InlineData("comm sh pid 2", "12,zsh")]
    [InlineData("-v comm sh", "1,init 20,ZSH")]
    [InlineData("-i comm zsh", "12,zsh 20,ZSH")]
    [InlineData("-vi comm zsh", "1,init 13,sshd")]
    [InlineData("-e ini -e ZS", "1,init 20,ZSH")]
    [InlineData("-e 1 comm", "")]
    [InlineData("-- s", "12,zsh 13,sshd")]
    public async Task Rows_with_a_match_are_let_pass(string arguments, string expected) =>
        string.Join(' ', await Processes.Then("grep", arguments.Split(' ')).TextsAsync()).Should().Be(expected);

    [Fact]
    public async Task Text_of_a_file_is_searched_by_lines() =>
        (await Stages.Data("root:x:0\nda", "emon:x:1\r\nbin").Then("grep", "o").TextsAsync()).Should().Equal("root:x:0", "daemon:x:1");

    [Fact]
    public async Task Columns_that_are_not_shown_are_not_searched()
    {
        var entries = new Entries(("a", 777), ("b", 5));
        RowSource pipeline = Conditions.Where(entries, Conditions.Greater("size", "1")).Then("grep", "777");

        (await pipeline.TextsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Without_a_match_the_status_is_1_and_with_one_0()
    {
        var none = new StageContext();
        var some = new StageContext();

        await Processes.Then("grep", "nothing").ReadAsync(none);
        await Processes.Then("grep", "init").ReadAsync(some);

        (none.Status, some.Status).Should().Be((1, 0));
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_searched_as_well()
    {
        RowSource names = Stages.Only("name", Encoding.Latin1.GetBytes("caf\u00e9.txt"), "tea.txt");

        (await names.Then("grep", "^caf").ReadAsync()).Should().ContainSingle();
    }

    [Fact]
    public async Task A_pattern_that_makes_others_backtrack_for_ever_takes_no_longer_here()
    {
        RowSource rows = Stages.Only("a", new string('a', 50_000) + "!");

        (await rows.Then("grep", "^(a+)+$").TextsAsync()).Should().BeEmpty();
    }

    [Theory]
    [InlineData("(", "( is no regular expression: a ( is not closed", "(")]
    [InlineData("comm [a", "[a is no regular expression: a [ is not closed", "[a")]
    [InlineData("*", "* is no regular expression: nothing stands before the quantifier at character 1", "*")]
    [InlineData(
        "a(?=b)", "a(?=b) has what cannot be matched in bounded time: a lookaround, a backreference, an atomic group or too many repetitions", "a(?=b)")]
    [InlineData(
        "(a{999}){99}",
        "(a{999}){99} has what cannot be matched in bounded time: a lookaround, a backreference, an atomic group or too many repetitions",
        "(a{999}){99}")]
    [InlineData("comm sh pid", "takes one RE, or pairs of COLUMN and RE: pid has no pair", "pid")]
    [InlineData("com sh", "the input has no column com (did you mean comm?); it has pid and comm", "com")]
    [InlineData("-z", "there is no option -z; there are -e, -v and -i", "-z")]
    [InlineData("-v -e", "the option -e needs a value (RE)", "-e")]
    public void What_makes_no_sense_is_refused_where_it_stands(string arguments, string message, string place) =>
        Stages.Refusal(Processes, "grep", arguments.Split(' ')).Should().Be((message, place));

    [Fact]
    public void Without_an_expression_it_is_refused() =>
        Stages.Refusal(Processes, "grep").Should().Be(("needs at least one RE", "grep"));
}
