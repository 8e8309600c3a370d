using System.Buffers;
using System.Text;
using Kuid.Sysreq.Pipeline.Formats;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands;

/// <summary>
/// The page of the language, <c>Kuid.Sysreq/Commands.md</c>, made of what the commands say of themselves. A test holds the file against
/// it.
/// </summary>
public static class CommandReference
{
    private static readonly (string Means, Value Value)[] Samples =
    [
        ("nothing", NullValue.Instance),
        ("true or false", new BoolValue(true)),
        ("a signed integer of 64 bits", new Int64Value(-7)),
        ("an unsigned integer of 64 bits", new UInt64Value(ulong.MaxValue)),
        ("a float of 64 bits", new FloatValue(0.5)),
        ("text", new StringValue("a\tb")),
        ("bytes that are no UTF-8", new BytesValue(new byte[] { (byte)'a', 0xFF })),
        ("a number of bytes", new SizeValue(1_234_567)),
        ("a length of time", new DurationValue(185_500_000_000)),
        ("a moment, in UTC", new DateTimeValue(1_795_262_400, 250_000_000)),
        ("type and permissions of a file", new ModeValue(0x41ED)),
        ("a number with a name", new EnumValue("dir", 4)),
        ("what went wrong, in the place of a value", new ErrorValue("ls", "/x: permission denied", "EACCES")),
        ("values in their order", new ListValue([new Int64Value(1), new StringValue("a")])),
        ("values with names", new RecordValue([new("name", new StringValue("a"))])),
    ];

    /// <summary>The whole page.</summary>
    public static string Markdown()
    {
        var page = new StringBuilder();
        page.Append(
            """
            # Commands

            What a script of Kuid's shell can call. The grammar, which is that of a shell, stands in [Grammar.ebnf](Grammar/Grammar.ebnf).
            The commands themselves are the source of this page: `KUID_WRITE=1 dotnet test tests/Kuid.Sysreq.Tests --filter CommandReferenceSpecs`
            writes it again.

            A stage of a pipeline gives rows. Which columns they have is known before anything runs, and a wrong name is refused then. Some
            columns cost a system call a row: they are there on demand, fetched when a later stage names them. A stage behind `head` is told to stop as
            soon as it is not needed any more. Options stand before the other arguments, `-rn` is `-r -n`, and `--` ends them.


            """);
        page.Append("| command | what it gives |\n|---|---|\n");
        foreach (Command command in CommandTable.All)
            page.Append(null, $"| [`{command.Name}`](#{Anchor(command.Name)}) | {Cell(command.Help.Summary)} |\n");

        AppendValues(page);
        foreach (Command command in CommandTable.All)
            Append(page, command);

        return page.ToString();
    }

    private static void AppendValues(StringBuilder page)
    {
        page.Append("\n## Values\n\n| kind | is | a table shows | text and TSV | JSON | Ruby |\n|---|---|---|---|---|---|\n");
        foreach ((string means, Value value) in Samples)
        {
            page.Append(null, $"| {ValueKinds.Word(value.Kind)} | {means} | {Code(ValueDisplay.Of(value))} | {Code(Written("tsv", value))} |");
            page.Append(null, $" {Code(JsonValue.Text(value))} | {Code(Written("ruby", value))} |\n");
        }
    }

    // The second line: below the header.
    private static string Written(string name, Value value)
    {
        var bytes = new ArrayBufferWriter<byte>();
        RowFormat format = RowFormats.Create(name, bytes)!;
        format.Begin([new Column("sample", value.Kind)]);
        format.Row([value]);
        format.End();
        string line = VisibleText.OfLines(bytes.WrittenSpan).Split('\n')[1];
        return name == "ruby" ? line[1..^1] : line;
    }

    private static void Append(StringBuilder page, Command command)
    {
        CommandHelp help = command.Help;
        page.Append(null, $"\n## {command.Name}\n\n    {help.Synopsis}\n\n{help.Summary}\n");
        if (help.Remarks.Length > 0)
            page.Append(null, $"\n{help.Remarks}\n");

        if (help.Options.Count > 0)
        {
            page.Append("\n| option | means |\n|---|---|\n");
            foreach ((string option, string meaning) in help.Options)
                page.Append(null, $"| {Code(option)} | {Cell(meaning)} |\n");
        }

        if (help.ColumnsRemark is { } remark)
            page.Append(null, $"\nColumns: {remark}.\n");
        else if (help.Columns.Count > 0)
            page.Append(null, $"\nColumns: {List(help.Columns)}.\n");
        else
            page.Append("\nIt gives no rows.\n");

        if (help.OnDemand.Count > 0)
            page.Append(null, $"\nOn demand: {List(help.OnDemand)}.\n");

        if (help.Examples.Count > 0)
            page.Append(null, $"\n```sh\n{string.Join('\n', help.Examples)}\n```\n");
    }

    private static string List(IEnumerable<Column> columns) =>
        string.Join(", ", columns.Select(column => $"`{column.Name}` {ValueKinds.Word(column.Kind)}"));

    // A heading of signs alone cannot be linked to; the two commands that have one have a sibling with a name.
    private static string Anchor(string name) => name switch { "[" => "test", ":" => "true", _ => name };

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private static string Code(string text) => text.Length == 0 ? "" : $"`{Cell(text)}`";
}
