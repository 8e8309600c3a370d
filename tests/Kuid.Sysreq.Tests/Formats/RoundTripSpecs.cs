using FsCheck;
using FsCheck.Fluent;
using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Tests.Commands;
using Kuid.Sysreq.Tests.Values;

namespace Kuid.Sysreq.Tests.Formats;

public sealed class RoundTripSpecs
{
    private static readonly Column[] Columns = [new("a", ValueKind.Any), new("b", ValueKind.Any)];

    [Theory]
    [InlineData("json")]
    [InlineData("jsonl")]
    public void What_was_written_as_json_is_read_back(string format) =>
        AnyValue.Check(Rows(AnyValue.ThatJsonHas), rows =>
        {
            RowSource read = ToAndFrom(format, "json", rows, pieceLength: 7);

            Value[][] back = [.. read.ReadAsync().GetAwaiter().GetResult()];

            back.Should().HaveCount(rows.Length);
            foreach ((Value[] written, Value[] again) in rows.Zip(back))
            {
                ValueOrder.CompareValues(again[0], written[0]).Should().Be(0, $"{written[0]} was read as {again[0]}");
                ValueOrder.CompareValues(again[1], written[1]).Should().Be(0, $"{written[1]} was read as {again[1]}");
            }
        });

    [Fact]
    public void What_was_written_as_tsv_is_read_back_to_the_byte() =>
        AnyValue.Check(Rows(AnyValue.ThatTsvHas), rows =>
        {
            RowSource read = ToAndFrom("tsv", "tsv", rows, pieceLength: 5);

            Value[][] back = [.. read.ReadAsync().GetAwaiter().GetResult()];

            back.Should().HaveCount(rows.Length);
            foreach ((Value written, Value again) in rows.SelectMany(row => row).Zip(back.SelectMany(row => row)))
            {
                (again is NullValue).Should().Be(written is NullValue);
                ValueText.BytesOf(again).ToArray().Should().Equal(ValueText.BytesOf(written).ToArray());
            }
        });

    [Theory]
    [InlineData("[1, {\"a\": [true, null]}, \"x\", 1.5, 18446744073709551615]", "1|{\"a\":[true,null]}|x|1.5|18446744073709551615")]
    [InlineData("1 2\n{\"a\":3}", "1|2|{\"a\":3}")]
    [InlineData("  \n [ ] ", "")]
    [InlineData("", "")]
    [InlineData("{\"b64\":\"/w==\"}", "\ufffd")]
    [InlineData("{\"b64\":\"?\"}", "{\"b64\":\"?\"}")]
    public async Task Json_is_read_as_an_array_or_as_values(string json, string expected) =>
        string.Join('|', await Stages.Data(json).Then("from", "json").TextsAsync()).Should().Be(expected);

    [Theory]
    [InlineData("[1, 2", "this is no JSON: line 1, byte 6: *")]
    [InlineData("{\"a\":}", "this is no JSON: line 1, byte 6: *")]
    [InlineData("nope", "this is no JSON: line 1, byte 2: *")]
    [InlineData("\"\\ud800\"", "this is no JSON: a string in value 1 has half of a surrogate pair")]
    public async Task What_is_no_json_is_refused_with_its_place(string json, string message) =>
        (await FluentActions.Awaiting(() => Stages.Data(json).Then("from", "json").ReadAsync()).Should().ThrowAsync<CommandException>()).WithMessage(message);

    [Fact]
    public async Task A_value_without_an_end_is_refused_before_it_fills_memory()
    {
        byte[] piece = new byte[1 << 20];
        Array.Fill(piece, (byte)'x');
        IEnumerable<Value[]> endless = Enumerable.Repeat<Value[]>([new BytesValue(piece)], int.MaxValue).Prepend([new BytesValue("[\""u8.ToArray())]);

        Func<Task> reading = () => new GivenRowsSource([DataColumn.Instance], endless).Then("from", "json").ReadAsync();

        (await reading.Should().ThrowAsync<CommandException>()).WithMessage("a value is longer than 16 MiB");
    }

    [Fact]
    public async Task Columns_of_a_text_are_those_that_are_named()
    {
        RowSource people = Stages.Data("[{\"name\":\"a\",\"age\":30},{\"name\":\"b\",\"age\":4},{\"name\":\"c\"},7]").Then("from", "json");

        people.Names().Should().Equal("value");
        (await Conditions.Where(people, Conditions.Greater("age", "5")).Then("select", "name", "age").TextsAsync(new StageContext())).Should().Equal("a,30");
        Stages.Data("{\"name\":\"a\",\"age\":30}").Then("from", "json", "age", "nick").Names().Should().Equal("age", "nick");
        (await Stages.Data("{\"name\":\"a\",\"age\":30}").Then("from", "json", "age", "nick").ReadAsync())[0].Should().Equal(new Int64Value(30), NullValue.Instance);
    }

    [Fact]
    public async Task Tsv_knows_numbers_by_their_look()
    {
        List<Value[]> rows = await Stages.Data("a\tb\n7\t007\n1.5\t1e3\n-\t18446744073709551615\n").Then("from", "tsv", "a", "b").ReadAsync();

        rows.SelectMany(row => row).Should().Equal(
            new Int64Value(7), new StringValue("007"), new FloatValue(1.5), new StringValue("1e3"), new StringValue("-"), new UInt64Value(ulong.MaxValue));
    }

    [Theory]
    [InlineData("a\tb\n1\n", "line 2 has 1 values and the header 2 names")]
    [InlineData("a\ta\n", "the header has a name twice")]
    public async Task Tsv_that_is_none_is_refused(string tsv, string message) =>
        (await FluentActions.Awaiting(() => Stages.Data(tsv).Then("from", "tsv").ReadAsync()).Should().ThrowAsync<CommandException>()).WithMessage(message);

    [Fact]
    public async Task From_lines_is_lines() => (await Stages.Data("a\nb").Then("from", "lines").TextsAsync()).Should().Equal("a", "b");

    [Theory]
    [InlineData("to", "needs FORMAT", "to")]
    [InlineData("to xml", "there is no format xml; there are json, jsonl, ruby, table, text and tsv", "xml")]
    [InlineData("to json lines", "takes FORMAT: lines is too much", "lines")]
    [InlineData("from", "needs at least one FORMAT", "from")]
    [InlineData("from xml", "there is no format xml to read; there are json, lines and tsv", "xml")]
    [InlineData("from lines x", "takes one FORMAT: x is too much", "x")]
    [InlineData("from json a a", "a is named twice", "a")]
    public void A_format_that_there_is_not_is_refused(string command, string message, string place)
    {
        string[] words = command.Split(' ');

        Stages.Refusal(Stages.Data("x"), words[0], words[1..]).Should().Be((message, place));
    }

    private static Gen<Value[][]> Rows(Gen<Value> values) =>
        values.Two().Select(pair => new[] { pair.Item1, pair.Item2 }).ArrayOf().Select(rows => rows.Take(5).ToArray());

    private static RowSource ToAndFrom(string written, string read, Value[][] rows, int pieceLength)
    {
        ReadOnlyMemory<byte> bytes = Formatted.BytesAsync(written, new GivenRowsSource(Columns, rows)).GetAwaiter().GetResult();
        IEnumerable<Value[]> pieces = bytes.ToArray().Chunk(pieceLength).Select(piece => new Value[] { new BytesValue(piece) });
        return new GivenRowsSource([DataColumn.Instance], pieces).Then("from", read, "a", "b");
    }
}
