using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Shell;

/// <summary><c>help</c>: what the commands say of themselves.</summary>
internal sealed class HelpCommand : Command
{
    private static readonly IReadOnlyList<Column> All =
        [new Column("command", ValueKind.String), new Column("synopsis", ValueKind.String), new Column("summary", ValueKind.String)];

    private static readonly IReadOnlyList<Column> One = [new Column("topic", ValueKind.String), new Column("text", ValueKind.String)];

    /// <inheritdoc/>
    public override string Name => "help";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "help [COMMAND]",
        Summary = "Every command with its summary, or all that there is to know of one.",
        ColumnsRemark = "command, synopsis and summary of all, topic and text of one",
        Examples = ["help", "help sort", "help | grep summary file"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        arguments.TakeAtMost(1, "COMMAND");
        if (arguments.OperandAt(0) is not { } named)
        {
            return new GivenRowsSource(call.AwaitsArguments ? One : All, CommandTable.All.Select(command => Texts(command.Name, command.Help.Synopsis, command.Help.Summary)));
        }

        string name = ArgumentReader.Text(named);
        if (CommandTable.Find(name) is not { } found)
        {
            string hint = NearestName.Among(CommandTable.All.Select(command => command.Name), name) is { } near ? $"; did you mean {near}?" : "";
            throw arguments.Refusal($"there is no command {name}{hint}", named);
        }

        return new GivenRowsSource(One, Topics(found.Help));
    }

    private static IEnumerable<Value[]> Topics(CommandHelp help)
    {
        yield return Texts("synopsis", help.Synopsis);
        yield return Texts("summary", help.Summary);
        if (help.Remarks.Length > 0)
        {
            yield return Texts("remarks", help.Remarks);
        }

        foreach ((string option, string meaning) in help.Options)
        {
            yield return Texts("option", $"{option}  {meaning}");
        }

        if (help.ColumnsRemark is { } remark)
        {
            yield return Texts("columns", remark);
        }

        foreach (Column column in help.Columns)
        {
            yield return Texts("column", $"{column.Name}  {KindName(column)}");
        }

        foreach (Column column in help.OnDemand)
        {
            yield return Texts("column on demand", $"{column.Name}  {KindName(column)}");
        }

        foreach (string example in help.Examples)
        {
            yield return Texts("example", example);
        }
    }

    private static string KindName(Column column) => column.Kind.ToString().ToLowerInvariant();

    private static Value[] Texts(params string[] texts) => [.. texts.Select(text => (Value)new StringValue(text))];
}
