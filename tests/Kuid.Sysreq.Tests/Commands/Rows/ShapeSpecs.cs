using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Tests.Commands.Rows;

public sealed class ShapeSpecs
{
    [Fact]
    public async Task Uniq_keeps_the_first_of_equal_rows_that_follow_each_other()
    {
        RowSource rows = Stages.Rows("a b", ["x", "1"], ["x", "1"], ["x", "2"], ["y", "2"], ["x", "1"]);

        (await rows.Then("uniq").TextsAsync()).Should().Equal("x,1", "x,2", "y,2", "x,1");
        (await rows.Then("uniq", "a").TextsAsync()).Should().Equal("x,1", "y,2", "x,1");
        (await rows.Then("uniq", "-c", "a").TextsAsync()).Should().Equal("3,x,1", "1,y,2", "1,x,1");
        (await rows.Then("head", "0").Then("uniq", "-c").TextsAsync()).Should().BeEmpty();
        rows.Then("uniq", "-c").Names().Should().Equal("count", "a", "b");
    }

    [Fact]
    public async Task Uniq_gives_a_row_before_it_has_seen_the_next_group()
    {
        var entries = new Entries(("a", 1), ("b", 2));

        (await entries.Then("uniq").Then("head", "1").TextsAsync()).Should().Equal("a,1");

        entries.RowsRead.Should().Be(1);
    }

    [Fact]
    public async Task Rename_gives_columns_other_names_those_on_demand_included()
    {
        var entries = new Entries(("a", 5), ("b", 6));
        RowSource renamed = entries.Then("rename", "name", "file", "size", "bytes");

        renamed.Names().Should().Equal("file", "inode");
        renamed.OnDemand.Select(column => column.Name).Should().Equal("bytes", "mode");
        (await Conditions.Where(renamed, Conditions.Greater("bytes", "5")).Then("select", "file", "bytes").TextsAsync()).Should().Equal("b,6");
        Stages.Refusal(renamed, "select", "size").Message.Should().Be("the input has no column size; it has file and inode, and on demand bytes and mode");
    }

    [Fact]
    public async Task Rename_can_exchange_two_names()
    {
        RowSource exchanged = Stages.Rows("a b", ["1", "2"]).Then("rename", "a", "b", "b", "a");

        (await exchanged.Then("select", "a").TextsAsync()).Should().Equal("2");
    }

    [Theory]
    [InlineData("rename name", "needs at least 2 arguments (OLD and NEW)", "rename")]
    [InlineData("rename name file size", "takes pairs of OLD and NEW: size has no pair", "size")]
    [InlineData("rename nam file", "the input has no column nam (did you mean name?); it has name and inode, and on demand size and mode", "nam")]
    [InlineData("rename name inode", "there would be two columns inode", "rename")]
    [InlineData("rename name mode", "there would be two columns mode", "rename")]
    [InlineData("rename name a name b", "name is renamed twice", "name")]
    [InlineData("describe x", "takes no arguments: x is too much", "x")]
    [InlineData("each", "needs COLUMN", "each")]
    [InlineData("each size", "size is no column that is shown; select it before", "size")]
    [InlineData("get", "needs at least one NUMBER or COLUMN", "get")]
    [InlineData("get nam.x", "the input has no column nam (did you mean name?); it has name and inode, and on demand size and mode", "nam.x")]
    [InlineData("get name name", "there would be two columns name", "name")]
    [InlineData("get -1", "NUMBER is a whole number, 0 or more, not -1", "-1")]
    [InlineData("uniq nam", "the input has no column nam (did you mean name?); it has name and inode, and on demand size and mode", "nam")]
    public void What_makes_no_sense_is_refused_where_it_stands(string command, string message, string place)
    {
        string[] words = command.Split(' ');

        Stages.Refusal(new Entries(), words[0], words[1..]).Should().Be((message, place));
    }

    [Fact]
    public async Task Describe_tells_the_columns_without_reading_a_row()
    {
        var entries = new Entries(("a", 5));

        (await entries.Then("describe").TextsAsync()).Should().Equal("name,string,false", "inode,uint64,false", "size,size,true", "mode,mode,true");
        entries.RowsRead.Should().Be(0);
    }

    [Fact]
    public async Task Each_gives_a_row_for_each_item_of_a_list()
    {
        RowSource rows = Stages.Rows(
            "host ports:list", ["a", new ListValue([new Int64Value(22), new Int64Value(80)])], ["b", new ListValue([])], ["c", null], ["d", "none"]);

        (await rows.Then("each", "ports").TextsAsync()).Should().Equal("a,22", "a,80", "d,none");
    }

    [Fact]
    public async Task Get_of_a_number_is_that_row_counted_from_0()
    {
        var entries = new Entries(("a", 5), ("b", 6), ("c", 7));

        (await entries.Then("get", "1").TextsAsync()).Should().Equal("b,2");
        entries.RowsRead.Should().Be(2);
        (await Stages.Data("x\ny\n").Then("get", "1").TextsAsync()).Should().Equal("y");
    }

    [Fact]
    public async Task Get_of_a_row_that_there_is_not_fails_and_says_how_many_there_are() =>
        (await FluentActions.Awaiting(() => new Entries(("a", 5)).Then("get", "1").ReadAsync()).Should().ThrowAsync<CommandException>())
            .WithMessage("there is no row 1; there are 1 rows, counted from 0");

    [Fact]
    public async Task Get_of_a_path_is_what_is_inside()
    {
        var address = new RecordValue([new("ip", new StringValue("::1")), new("ports", new ListValue([new Int64Value(22)]))]);
        RowSource rows = Stages.Rows("host net:record a.b", ["x", address, "dot"], ["y", null, "dot"], ["z", "text", "dot"]);

        RowSource got = rows.Then("get", "host", "net.ip", "net.ports.0", "a.b");

        got.Names().Should().Equal("host", "ip", "0", "a.b");
        (await got.TextsAsync()).Should().Equal(
            "x,::1,22,dot", "y,,,dot", "z,get: a string has no member ip,get: a string has no member ports,dot");
    }
}
