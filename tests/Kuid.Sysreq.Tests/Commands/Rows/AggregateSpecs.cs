using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Tests.Commands.Rows;

public sealed class AggregateSpecs
{
    private static RowSource Processes => Stages.Rows(
        "state rss:int64 size:size time:duration load:float any:any",
        ["S", 10, new SizeValue(3), new DurationValue(4), 0.5, 1],
        ["R", 5, new SizeValue(4), new DurationValue(5), 1.0, "x"],
        ["S", 6, null, null, null, 2.5]);

    [Theory]
    [InlineData("sum rss", "sum_rss:int64", "21")]
    [InlineData("sum rss size load", "sum_rss:int64 sum_size:size sum_load:float", "21,7,1.5")]
    [InlineData("sum time", "sum_time:duration", "0.000000009")]
    [InlineData("avg rss size time load", "avg_rss:float avg_size:size avg_time:duration avg_load:float", "7,4,0.000000004,0.75")]
    [InlineData("min rss state", "min_rss:int64 min_state:string", "5,R")]
    [InlineData("max size any", "max_size:size max_any:any", "4,x")]
    [InlineData("count", "count:int64", "3")]
    [InlineData("group state", "state:string count:int64", "S,2;R,1")]
    [InlineData("group state sum rss max load", "state:string sum_rss:int64 max_load:float", "S,16,0.5;R,5,1")]
    [InlineData("group state count avg rss", "state:string count:int64 avg_rss:float", "S,2,8;R,1,5")]
    [InlineData("group state rss", "state:string rss:int64 count:int64", "S,10,1;R,5,1;S,6,1")]
    public async Task Many_values_become_one(string command, string columns, string rows)
    {
        string[] words = command.Split(' ');
        RowSource result = Processes.Then(words[0], words[1..]);

        string.Join(' ', result.Columns.Select(column => $"{column.Name}:{ValueKinds.Word(column.Kind)}")).Should().Be(columns);
        string.Join(';', await result.TextsAsync()).Should().Be(rows);
    }

    [Fact]
    public async Task Without_rows_a_sum_is_0_and_the_rest_null()
    {
        RowSource none = Stages.Rows("n:int64 s:size");

        (await none.Then("sum", "n", "s").ReadAsync())[0].Should().Equal(new Int64Value(0), new SizeValue(0));
        (await none.Then("avg", "n", "s").ReadAsync())[0].Should().Equal(NullValue.Instance, NullValue.Instance);
        (await none.Then("min", "n").ReadAsync())[0].Should().Equal(NullValue.Instance);
        (await none.Then("count").ReadAsync())[0].Should().Equal(new Int64Value(0));
        (await none.Then("group", "n").ReadAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task The_only_column_need_not_be_named() =>
        (await Stages.Only("n:uint64", ulong.MaxValue, 0ul).Then("sum").ReadAsync())[0].Should().Equal(new UInt64Value(ulong.MaxValue));

    [Fact]
    public async Task A_sum_beyond_64_bits_and_one_of_texts_is_an_error()
    {
        (await Stages.Only("n:uint64", ulong.MaxValue, 1ul).Then("sum").ReadAsync())[0].Should().Equal(new ErrorValue("sum", "the result is beyond 64 bits"));
        (await Stages.Only("n:any", "x").Then("sum").ReadAsync())[0].Should().Equal(new ErrorValue("sum", "a string cannot be added"));
        (await Processes.Then("sum", "any").ReadAsync())[0].Should().Equal(new ErrorValue("sum", "int64 and string cannot be added"));
        (await Stages.Only("n:any", 1, new DurationValue(1)).Then("sum").ReadAsync())[0].Should().Equal(new ErrorValue("sum", "int64 and duration cannot be added"));
    }

    [Fact]
    public async Task An_error_among_the_values_is_the_result()
    {
        var denied = new ErrorValue("ls", "/x: permission denied", "EACCES");

        (await Stages.Only("n:size", new SizeValue(1), denied).Then("sum").ReadAsync())[0].Should().Equal(denied);
    }

    [Fact]
    public async Task A_column_on_demand_is_demanded()
    {
        var entries = new Entries(("a", 5), ("b", 6));

        (await entries.Then("sum", "size").TextsAsync()).Should().Equal("11");
        entries.DemandedNames.Should().Equal("size");
    }

    [Fact]
    public async Task Text_of_a_file_is_grouped_and_counted_by_lines()
    {
        (await Stages.Data("a\nb\na\n").Then("group", "line").TextsAsync()).Should().Equal("a,2", "b,1");
        (await Stages.Data("a\nb\na\n").Then("count").TextsAsync()).Should().Equal("3");
    }

    [Theory]
    [InlineData("sum", "needs a COLUMN; the input has state, rss, size, time, load and any", "sum")]
    [InlineData("sum state", "state is a string; sum is of numbers, sizes and durations", "state")]
    [InlineData("avg rsss", "the input has no column rsss (did you mean rss?); it has state, rss, size, time, load and any", "rsss")]
    [InlineData("count x", "takes no arguments: x is too much", "x")]
    [InlineData("group", "needs at least one COLUMN", "group")]
    [InlineData("group state sum", "sum needs a COLUMN", "sum")]
    [InlineData("group state count rss", "rss stands where count, sum, avg, min or max should; columns to group by stand before these", "rss")]
    [InlineData("group state count count", "there would be two columns count", "group")]
    [InlineData("group state sum rss sum rss", "there would be two columns sum_rss", "group")]
    [InlineData("group state avg state", "state is a string; avg is of numbers, sizes and durations", "state")]
    public void What_makes_no_sense_is_refused_where_it_stands(string command, string message, string place)
    {
        string[] words = command.Split(' ');

        Stages.Refusal(Processes, words[0], words[1..]).Should().Be((message, place));
    }
}
