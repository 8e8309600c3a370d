using System.Buffers;
using System.Text;
using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Formats;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Tests.Commands;

namespace Kuid.Sysreq.Tests.Formats;

public sealed class FormatSpecs
{
    private const string EveryKindAsJson =
        "{\"null\":null,\"bool\":true,\"int\":-7,\"uint\":18446744073709551615,\"float\":1.5,\"string\":\"a\\t\\\"é\\\"\",\"bytes\":{\"b64\":\"Yf8=\"},"
        + "\"size\":1234567,\"duration\":185.5,\"datetime\":\"2026-11-21T12:00:00.25Z\",\"mode\":\"drwxr-xr-x\",\"enum\":\"dir\","
        + "\"error\":{\"error\":{\"command\":\"ls\",\"message\":\"x: permission denied\",\"errno\":\"EACCES\"}},\"list\":[1,null],\"record\":{\"k\":\"v\"}}";

    private static RowSource Names => Stages.Rows("name n:int64", ["a", 1], ["b", 22]);

    private static RowSource None => Stages.Rows("name n:int64");

    [Fact]
    public async Task Json_is_one_array_on_one_line()
    {
        (await Formatted.WriteAsync("json", Names)).Should().Be("[{\"name\":\"a\",\"n\":1},{\"name\":\"b\",\"n\":22}]\n");
        (await Formatted.WriteAsync("json", None)).Should().Be("[]\n");
        (await Formatted.WriteAsync("json", Formatted.EveryKind)).Should().Be($"[{EveryKindAsJson}]\n");
    }

    [Fact]
    public async Task Json_lines_are_an_object_each()
    {
        (await Formatted.WriteAsync("jsonl", Names)).Should().Be("{\"name\":\"a\",\"n\":1}\n{\"name\":\"b\",\"n\":22}\n");
        (await Formatted.WriteAsync("jsonl", None)).Should().BeEmpty();
    }

    [Fact]
    public async Task Json_escapes_what_a_terminal_would_act_on() =>
        (await Formatted.WriteAsync("jsonl", Stages.Only("n", "\u001b[2J\u009b\u007f é"))).Should().Be("{\"n\":\"\\u001B[2J\\u009B\\u007F é\"}\n");

    [Fact]
    public async Task Json_of_a_float_that_is_no_number_is_its_name() =>
        (await Formatted.WriteAsync("jsonl", Stages.Only("n:float", double.NaN, double.NegativeInfinity))).Should().Be("{\"n\":\"NaN\"}\n{\"n\":\"-Infinity\"}\n");

    [Fact]
    public async Task Tsv_has_a_header_and_escapes()
    {
        (await Formatted.WriteAsync("tsv", None)).Should().Be("name\tn\n");
        (await Formatted.WriteAsync("tsv", Stages.Rows("a\\b c", ["x\ty\nz\r\\", null], ["", "\\N"]))).Should().Be("a\\\\b\tc\nx\\ty\\nz\\r\\\\\t\\N\n\t\\\\N\n");
        Encoding.Latin1.GetString((await Formatted.BytesAsync("tsv", Formatted.EveryKind)).Span).Split('\n')[1].Should().Be(
            "\\N\ttrue\t-7\t18446744073709551615\t1.5\ta\\t\"Ã©\"\ta\u00ff\t1234567\t185.5\t2026-11-21T12:00:00.25Z\tdrwxr-xr-x\tdir\t"
            + "ls: x: permission denied\t[1,null]\t{\"k\":\"v\"}");
    }

    [Fact]
    public async Task Text_is_a_row_a_line_and_nothing_more()
    {
        (await Formatted.WriteAsync("text", Stages.Rows("a b", ["x\u001b", null], ["y\tz", "1"]))).Should().Be("x\u001b\t\ny\tz\t1\n");
        (await Formatted.WriteAsync("text", Stages.Data("no", " end"))).Should().Be("no end");
    }

    [Fact]
    public async Task A_table_is_aligned_below_its_header_numbers_at_the_right() =>
        (await Formatted.WriteAsync("table", Stages.Rows("name size:size n:int64 last", ["a", new SizeValue(5), 1, "x"], ["long name", new SizeValue(1_234_567), 22, null])))
            .Should().Be(
                """
                name         size   n  last
                a             5 B   1  x
                long name  1.2 MB  22  

                """);

    [Fact]
    public async Task A_table_knows_how_wide_characters_are_and_shows_those_that_do_not_print() =>
        (await Formatted.WriteAsync("table", Stages.Rows("name x", ["漢字", "1"], ["e\u0301", "2"], ["\u001b[2J", "3"], ["😀", "4"])))
            .Should().Be("name     x\n漢字     1\ne\u0301        2\n\\x1b[2J  3\n😀       4\n");

    [Fact]
    public async Task A_table_is_for_people() =>
        (await Formatted.WriteAsync("table", Formatted.EveryKind.Then("select", "size", "duration", "datetime", "mode", "enum", "bytes", "error", "record"))).Split('\n')[1]
            .Should().Be("1.2 MB     3m 5s  2026-11-21 12:00:00Z  drwxr-xr-x  dir   a\\xff  x: permission denied  {\"k\":\"v\"}");

    [Fact]
    public async Task A_table_without_rows_is_its_header() => (await Formatted.WriteAsync("table", None)).Should().Be("name  n\n");

    [Fact]
    public void A_table_streams_once_a_hundred_rows_or_its_caller_have_decided()
    {
        var output = new ArrayBufferWriter<byte>();
        var table = new TableFormat(output);
        table.Begin([new Column("a", ValueKind.String), new Column("b", ValueKind.String)]);
        table.Row([new StringValue("1"), new StringValue("2")]);
        output.WrittenCount.Should().Be(0);

        table.Settle();
        Encoding.UTF8.GetString(output.WrittenSpan).Should().Be("a  b\n1  2\n");

        table.Row([new StringValue("wider"), new StringValue("2")]);
        table.Settle();
        table.End();
        Encoding.UTF8.GetString(output.WrittenSpan).Should().Be("a  b\n1  2\nwider  2\n");

        output.ResetWrittenCount();
        table.Begin([new Column("c", ValueKind.String)]);
        for (int row = 0; row < 100; row++)
            table.Row([new StringValue("x")]);

        Encoding.UTF8.GetString(output.WrittenSpan).Split('\n').Should().HaveCount(102);
    }

    [Fact]
    public async Task One_very_wide_value_does_not_push_the_other_rows() =>
        (await Formatted.WriteAsync("table", Stages.Rows("a b", [new string('x', 500), "1"], ["y", "2"]))).Split('\n')[2].Should().Be("y" + new string(' ', 61) + "2");

    [Fact]
    public async Task A_table_of_data_is_the_text_with_what_does_not_print_written_out() =>
        (await Formatted.WriteAsync("table", Stages.Data("a\tb\n\u001bc\u00c3", "\u00a9\u00ff end"))).Should().Be("a\tb\n\\x1bcé\\xff end\n");

    [Fact]
    public async Task Records_of_json_are_rows_of_their_members()
    {
        RowSource records = Stages.Data("[{\"a\":1,\"b\":\"x\"},{\"a\":2,\"b\":\"y\"}]").Then("from", "json");

        (await Formatted.WriteAsync("table", records)).Should().Be("a  b\n1  x\n2  y\n");
        (await Formatted.WriteAsync("tsv", records)).Should().Be("a\tb\n1\tx\n2\ty\n");
        (await Formatted.WriteAsync("ruby", records)).Should().Be("[:a, :b]\n[1, \"x\"]\n[2, \"y\"]\n");
        (await Formatted.WriteAsync("json", records)).Should().Be("[{\"a\":1,\"b\":\"x\"},{\"a\":2,\"b\":\"y\"}]\n");
    }

    [Fact]
    public async Task A_record_with_other_members_begins_another_table_and_is_refused_in_tsv()
    {
        RowSource records = Stages.Data("{\"a\":1} {\"b\":2} 3").Then("from", "json");

        (await Formatted.WriteAsync("table", records)).Should().Be("a\n1\nb\n2\nvalue\n3\n");
        (await Formatted.WriteAsync("jsonl", records)).Should().Be("{\"a\":1}\n{\"b\":2}\n3\n");
        (await FluentActions.Awaiting(() => Formatted.WriteAsync("tsv", records)).Should().ThrowAsync<CommandException>())
            .WithMessage("a record has other members than those before, and TSV has one header; name the columns, as in from json name size");
    }

    [Fact]
    public void Every_kind_has_a_word_and_every_format_a_meaning()
    {
        Enum.GetValues<ValueKind>().Select(ValueKinds.Word).Should().OnlyHaveUniqueItems().And.OnlyContain(word => word.All(char.IsAsciiLetterOrDigit));
        RowFormats.Names.Should().Equal("json", "jsonl", "ruby", "table", "text", "tsv");
        RowFormats.Create("xml", new ArrayBufferWriter<byte>()).Should().BeNull();
    }
}
