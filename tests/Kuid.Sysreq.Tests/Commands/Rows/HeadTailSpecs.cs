using Kuid.Sysreq.Pipeline.Rows;

namespace Kuid.Sysreq.Tests.Commands.Rows;

public sealed class HeadTailSpecs
{
    private static RowSource Numbers(int count) => Stages.Only("n:int64", [.. Enumerable.Range(1, count).Select(number => (object)number)]);

    [Theory]
    [InlineData("head", "1 2 3 4 5 6 7 8 9 10")]
    [InlineData("head 3", "1 2 3")]
    [InlineData("head -n 3", "1 2 3")]
    [InlineData("head -n3", "1 2 3")]
    [InlineData("head -3", "1 2 3")]
    [InlineData("head 0", "")]
    [InlineData("head 99", "1 2 3 4 5 6 7 8 9 10 11 12")]
    [InlineData("tail", "3 4 5 6 7 8 9 10 11 12")]
    [InlineData("tail 2", "11 12")]
    [InlineData("tail -2", "11 12")]
    [InlineData("tail 0", "")]
    [InlineData("first", "1")]
    [InlineData("first 2", "1 2")]
    [InlineData("last", "12")]
    [InlineData("last 2", "11 12")]
    public async Task As_many_rows_pass_as_are_asked_for(string command, string expected)
    {
        string[] words = command.Split(' ');

        string.Join(' ', await Numbers(12).Then(words[0], words[1..]).TextsAsync()).Should().Be(expected);
    }

    [Fact]
    public async Task Head_reads_no_row_more_than_it_gives_and_ends_the_stage_before()
    {
        var entries = new Entries(("a", 1), ("b", 2), ("c", 3));

        (await entries.Then("head", "2").TextsAsync()).Should().Equal("a,1", "b,2");

        (entries.RowsRead, entries.ReadsEnded).Should().Be((2, 1));
    }

    [Fact]
    public async Task Head_of_none_does_not_begin_to_read()
    {
        var entries = new Entries(("a", 1));

        (await entries.Then("head", "0").TextsAsync()).Should().BeEmpty();

        entries.RowsRead.Should().Be(0);
    }

    [Fact]
    public async Task Head_ends_every_stage_before_it()
    {
        var entries = new Entries([.. Enumerable.Range(0, 100_000).Select(number => ($"f{number}", (long)number))]);

        RowSource pipeline = Conditions.Where(entries, Conditions.Greater("size", "5")).Then("grep", "f").Then("head", "1").Then("select", "name");

        (await pipeline.TextsAsync()).Should().Equal("f6");
        (entries.RowsRead, entries.ReadsEnded).Should().Be((7, 1));
    }

    [Fact]
    public async Task Text_of_a_file_is_taken_by_lines()
    {
        (await Stages.Data("a\nb\n\nc").Then("head", "2").TextsAsync()).Should().Equal("a", "b");
        (await Stages.Data("a\nb\n\nc").Then("tail", "2").TextsAsync()).Should().Equal("", "c");
    }

    [Fact]
    public async Task Tail_of_ever_so_many_rows_keeps_only_what_it_gives() =>
        (await new Entries([.. Enumerable.Range(0, 50_000).Select(number => ($"f{number}", (long)number))]).Then("tail", "1").Then("select", "name").TextsAsync())
            .Should().Equal("f49999");

    [Theory]
    [InlineData("head x", "COUNT is a whole number, not x", "x")]
    [InlineData("head -n -5", "COUNT is a whole number, 0 or more, not -5", "-5")]
    [InlineData("tail 1.5", "COUNT is a whole number, not 1.5", "1.5")]
    [InlineData("head 1 2", "takes one COUNT: 2 is too much", "2")]
    [InlineData("head -n 1 2", "takes no arguments: 2 is too much", "2")]
    [InlineData("head 99999999999999999999", "COUNT is a whole number, not 99999999999999999999", "99999999999999999999")]
    [InlineData("first -x", "there is no option -x; there is -n", "-x")]
    public void A_count_that_is_none_is_refused(string command, string message, string place)
    {
        string[] words = command.Split(' ');

        Stages.Refusal(Numbers(1), words[0], words[1..]).Should().Be((message, place));
    }
}
