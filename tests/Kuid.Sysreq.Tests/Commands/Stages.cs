using System.Text;
using Kuid.Sysreq.Grammar;
using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Tests.Commands;

/// <summary>Binds commands without a grammar, and reads their rows.</summary>
internal static class Stages
{
    /// <summary>Rows as a stage before; a column is written <c>name:kind</c>, its kind string unless said.</summary>
    public static RowSource Rows(string columns, params object?[][] rows) => new GivenRowsSource(
        [.. columns.Split(' ').Select(ColumnOf)], rows.Select(row => Array.ConvertAll(row, ValueOf)));

    /// <summary>The same of one column.</summary>
    public static RowSource Only(string column, params object?[] values) => Rows(column, [.. values.Select(value => new[] { value })]);

    /// <summary>Text as <c>cat</c> gives it, in stretches cut anywhere.</summary>
    public static RowSource Data(params string[] stretches) => new GivenRowsSource(
        [DataColumn.Instance], stretches.Select(stretch => new Value[] { new BytesValue(Encoding.Latin1.GetBytes(stretch)) }));

    public static RowSource Then(this RowSource? input, string name, params string[] arguments) => Bind(input, name, false, arguments);

    /// <summary>Binds a call as if it were written <c>name argument argument</c> on the first line.</summary>
    public static RowSource Bind(RowSource? input, string name, bool awaitsArguments, params object[] arguments)
    {
        int offset = name.Length + 1;
        List<Argument> spanned = [];
        foreach (object argument in arguments)
        {
            Value value = ValueOf(argument);
            int length = ValueText.Of(value).Length;
            spanned.Add(new Argument(value, Span(offset, length)));
            offset += length + 1;
        }

        Command command = CommandTable.Find(name) ?? throw new ArgumentException($"there is no command {name}", nameof(name));
        return command.Bind(new CommandCall(name, Span(0, name.Length), spanned, input, awaitsArguments));
    }

    public static async Task<List<Value[]>> ReadAsync(this RowSource source, CommandContext? context = null)
    {
        List<Value[]> rows = [];
        await foreach (Value[] row in source.ReadAsync(context ?? new StageContext(), CancellationToken.None))
            rows.Add(row[..source.Columns.Count]);

        return rows;
    }

    /// <summary>The rows as texts, values separated by a comma.</summary>
    public static async Task<string[]> TextsAsync(this RowSource source, CommandContext? context = null) =>
        [.. (await source.ReadAsync(context)).Select(row => string.Join(',', row.Select(ValueText.Of)))];

    /// <summary>The bytes of a lone data column.</summary>
    public static async Task<string> DataAsync(this RowSource source) =>
        string.Concat((await source.ReadAsync()).Select(row => Encoding.UTF8.GetString(ValueText.BytesOf(row[0]).Span)));

    public static string[] Names(this RowSource source) => [.. source.Columns.Select(column => column.Name)];

    /// <summary>What a call is refused with, and the part of it that the refusal points at.</summary>
    public static (string Message, string Place) Refusal(RowSource? input, string name, params string[] arguments)
    {
        CommandException refusal = FluentActions.Invoking(() => Bind(input, name, false, arguments)).Should().Throw<CommandException>().Which;
        refusal.Status.Should().Be(2, "it is a wrong use");
        string source = string.Join(' ', arguments.Prepend(name));
        SourceSpan span = refusal.Span ?? throw new InvalidOperationException("the refusal has no place");
        return (refusal.Message, source[span.Start.Offset..span.End.Offset]);
    }

    public static Value ValueOf(object? value) => value switch
    {
        null => NullValue.Instance,
        Value same => same,
        string text => new StringValue(text),
        int number => new Int64Value(number),
        long number => new Int64Value(number),
        ulong number => new UInt64Value(number),
        double number => new FloatValue(number),
        bool truth => new BoolValue(truth),
        byte[] bytes => new BytesValue(bytes),
        _ => throw new ArgumentException($"no value of {value.GetType().Name}", nameof(value)),
    };

    private static Column ColumnOf(string written)
    {
        string[] parts = written.Split(':');
        return new Column(parts[0], parts.Length == 1 ? ValueKind.String : Enum.Parse<ValueKind>(parts[1], ignoreCase: true));
    }

    private static SourceSpan Span(int offset, int length) =>
        new(new SourcePosition(offset, 1, offset + 1), new SourcePosition(offset + length, 1, offset + length + 1));
}
