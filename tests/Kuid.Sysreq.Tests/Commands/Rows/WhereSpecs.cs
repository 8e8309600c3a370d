using Kuid.Sysreq.Grammar.Tree;
using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;
using static Kuid.Sysreq.Tests.Commands.Conditions;

namespace Kuid.Sysreq.Tests.Commands.Rows;

public sealed class WhereSpecs
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private static RowSource Files => Stages.Rows(
        "name size:size mtime:datetime took:duration mode:mode dtype:enum pid:int64 any:any",
        [
            "a", new SizeValue(999), Moment(-1), new DurationValue(5_000_000_000), new ModeValue(0x81A4), new EnumValue("file", 8), 1, "7",
        ],
        [
            "b", new SizeValue(1001), Moment(-48), new DurationValue(500_000_000), new ModeValue(0x41ED), new EnumValue("dir", 4), 2, 7,
        ],
        [
            "c", null, null, null, null, null, null, null,
        ]);

    public static TheoryData<Expression, string> Passing => new()
    {
        { Greater("size", "1", "KB"), "b" },
        { Greater("size", "1", "K"), "" },
        { Greater("size", "999"), "b" },
        { Of(Column("size"), BinaryOperator.GreaterOrEqual, Text("1KB")), "b" },
        { Of(Column("size"), BinaryOperator.Less, Number("1", "GiB")), "a b" },
        { Of(Column("size"), BinaryOperator.Equal, Null), "c" },
        { Of(Null, BinaryOperator.NotEqual, Column("size")), "a b" },
        { Of(Column("mtime"), BinaryOperator.Greater, Text("2026-11-20 12:00")), "a" },
        { Of(Column("mtime"), BinaryOperator.Less, Of(Column("now"), BinaryOperator.Subtract, Number("1", "d"))), "b" },
        { Of(Of(Column("now"), BinaryOperator.Subtract, Column("mtime")), BinaryOperator.LessOrEqual, Number("1", "h")), "a" },
        { Of(Of(Column("mtime"), BinaryOperator.Subtract, Text("2026-11-19")), BinaryOperator.Greater, Number("1", "d")), "a" },
        { Of(Column("took"), BinaryOperator.Greater, Number("1.5", "s")), "a" },
        { Of(Column("mode"), BinaryOperator.Equal, Number("0644")), "a" },
        { Of(Column("mode"), BinaryOperator.Equal, Text("rwxr-xr-x")), "b" },
        { Of(Column("mode"), BinaryOperator.Equal, Text("drwxr-xr-x")), "b" },
        { Of(Column("mode"), BinaryOperator.Equal, Number("0100755")), "" },
        { Of(Column("dtype"), BinaryOperator.Equal, Text("dir")), "b" },
        { Of(Column("dtype"), BinaryOperator.NotEqual, Number("4")), "a c" },
        { Of(Column("pid"), BinaryOperator.Equal, Text("2")), "b" },
        { Of(Column("pid"), BinaryOperator.Equal, Number("1.0")), "a" },
        { Of(Column("any"), BinaryOperator.Equal, Text("7")), "a b" },
        { Of(Column("any"), BinaryOperator.Equal, Number("7")), "b" },
        { Of(Column("any"), BinaryOperator.Less, Number("8")), "b" },
        { Of(Column("name"), BinaryOperator.Matches, Text("[ab]")), "a b" },
        { Of(Column("name"), BinaryOperator.NotMatches, Text("[ab]")), "c" },
        { Of(Column("dtype"), BinaryOperator.Matches, Text("di")), "b" },
        { Not(Of(Column("name"), BinaryOperator.Equal, Text("a"))), "b c" },
        { Of(Of(Column("name"), BinaryOperator.Equal, Text("a")), BinaryOperator.Or, Greater("size", "1", "KB")), "a b" },
        { Of(Of(Column("name"), BinaryOperator.Equal, Text("a")), BinaryOperator.And, Greater("size", "1", "KB")), "" },
        { Of(Of(Column("pid"), BinaryOperator.Multiply, Number("2")), BinaryOperator.Equal, Number("4")), "b" },
        { Of(Of(Column("size"), BinaryOperator.Remainder, Number("2")), BinaryOperator.Equal, Number("1")), "a b" },
        { Of(Column("pid"), BinaryOperator.Less, Number("0x2")), "a" },
        { new ConstantExpression(true), "a b c" },
        { Null, "" },
    };

    [Theory]
    [MemberData(nameof(Passing))]
    public async Task Rows_pass_for_which_the_condition_is_true(Expression condition, string names)
    {
        var context = new StageContext();

        string[] passed = await Where(Files, condition, new FixedTime(Noon)).Then("select", "name").TextsAsync(context);

        string.Join(' ', passed).Should().Be(names);
        context.Reported.Should().BeEmpty();
    }

    [Fact]
    public async Task Text_of_a_file_is_looked_at_by_lines() =>
        (await Where(Stages.Data("one\ntwo\n"), Of(Column("line"), BinaryOperator.Matches, Text("^t"))).TextsAsync()).Should().Equal("two");

    [Fact]
    public async Task A_row_whose_condition_is_an_error_is_left_out_and_the_error_reported()
    {
        var context = new StageContext();
        RowSource rows = Stages.Rows("n:int64 size:size", [0, 1], [2, new ErrorValue("ls", "/x: permission denied", "EACCES")], [2, 4]);

        RowSource where = Where(rows, Of(Of(Column("size"), BinaryOperator.Divide, Column("n")), BinaryOperator.Equal, Number("2")));

        (await where.TextsAsync(context)).Should().Equal("2,4");
        context.Reported.Should().Equal(new ErrorValue("where", "division by zero"), new ErrorValue("ls", "/x: permission denied", "EACCES"));
        context.Status.Should().Be(1);
    }

    [Fact]
    public async Task An_error_does_not_matter_where_the_other_side_decides()
    {
        var context = new StageContext();
        RowSource rows = Stages.Rows("size:size n:int64", [new ErrorValue("ls", "x"), 1]);
        Expression failing = Greater("size", "1");

        (await Where(rows, Of(failing, BinaryOperator.Or, Greater("n", "0"))).ReadAsync(context)).Should().HaveCount(1);
        (await Where(rows, Of(failing, BinaryOperator.And, Greater("n", "5"))).ReadAsync(context)).Should().BeEmpty();
        context.Reported.Should().BeEmpty();
    }

    [Fact]
    public async Task A_column_called_now_is_that_column() =>
        (await Where(Stages.Rows("now:int64", [1], [3]), Greater("now", "2")).TextsAsync()).Should().Equal("3");

    public static TheoryData<Expression, string, int> Refused => new()
    {
        {
            Of(Column("size"), BinaryOperator.Greater, Text("x")),
            "size is a size, and \"x\" is none; one is written 1000, 1KB or 4MiB", 3
        },
        {
            Of(Column("mtime"), BinaryOperator.Greater, Text("yesterday")),
            "mtime is a datetime, and \"yesterday\" is none; one is written 2026-11-21, 2026-11-21 12:00 or 2026-11-21T12:00:00Z", 11
        },
        {
            Of(Column("took"), BinaryOperator.Greater, Number("5")),
            "took and 5 cannot be compared: took is a duration and 5 is an int64; with a unit, 5s, it is a duration", 3
        },
        { Of(Column("name"), BinaryOperator.Equal, Number("5")), "name and 5 cannot be compared: name is a string and 5 is an int64", 3 },
        { Greater("sise", "1"), "the input has no column sise (did you mean size?); it has name, size, mtime, took, mode, dtype, pid and any", 4 },
        {
            Greater("size", "1", "XB"),
            "XB is no unit; sizes have B, KB, MB, GB... (1000), KiB, MiB, GiB... or K, M, G... (1024), durations ns, us, ms, s, m, h, d and w", 3
        },
        { Greater("size", "9", "EiB"), "9EiB is beyond 64 bits", 4 },
        { Greater("pid", "99999999999999999999"), "99999999999999999999 is no number, or beyond 64 bits", 20 },
        { Greater("pid", "089"), "089 is no number, or beyond 64 bits", 3 },
        { Column("size"), "the condition must be true or false, and size is a size; write a comparison, such as size == 1000", 4 },
        { Not(Column("name")), "what not stands before must be true or false, and name is a string; write a comparison, such as name == 'text'", 4 },
        {
            Of(Greater("size", "1"), BinaryOperator.And, Text("x")),
            "the right side of and must be true or false, and \"x\" is a text; write a comparison, such as \"x\" == 'text'", 3
        },
        { Of(Column("size"), BinaryOperator.Greater, Null), "nothing is less or greater than null; compare with == or !=", 3 },
        {
            Of(Of(Column("name"), BinaryOperator.Add, Number("1")), BinaryOperator.Equal, Number("2")),
            "+ has no meaning here: name is a string and 1 is an int64", 3
        },
        {
            Of(Of(Column("size"), BinaryOperator.Add, Text("x")), BinaryOperator.Equal, Number("2")),
            "\"x\" is no size, as it must be beside size", 3
        },
        { Of(Column("name"), BinaryOperator.Matches, Text("(")), "( is no regular expression: a ( is not closed", 3 },
        { Of(Column("name"), BinaryOperator.Matches, Column("name")), "the right side of =~ is a pattern in quotes, and name is none", 4 },
        { new UnaryExpression(UnaryOperator.Negate, Column("name")) { Span = SpanOf("-name") }, "- has no meaning here: name is a string", 5 },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_can_never_have_a_meaning_is_refused_before_anything_runs(Expression condition, string message, int length)
    {
        (string said, var span) = Refusal(Files, condition);

        said.Should().Be(message);
        span.End.Offset.Should().Be(length);
    }

    [Fact]
    public void Without_rows_it_is_refused() =>
        FluentActions.Invoking(() => Where(null, Null)).Should().Throw<CommandException>()
            .WithMessage("needs rows to work on, as in ls | where size > 1KB");

    [Fact]
    public void A_call_with_words_is_refused() =>
        Stages.Refusal(Files, "where", "size").Should().Be(("takes a condition and no words, as in where size > 1KB", "where"));

    private static DateTimeValue Moment(int hours) => new(Noon.AddHours(hours).ToUnixTimeSeconds(), 0);

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
