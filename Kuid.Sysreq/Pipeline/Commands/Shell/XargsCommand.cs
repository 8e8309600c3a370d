using System.Text.RegularExpressions;
using Kuid.Sysreq.Pipeline.Rows;

namespace Kuid.Sysreq.Pipeline.Commands.Shell;

/// <summary><c>xargs</c>: rows as the arguments of a command.</summary>
internal sealed partial class XargsCommand : Command
{
    /// <summary>How many rows one call takes: enough that a call for all processes of a machine is one batch of system calls.</summary>
    private const int BatchSize = 1000;

    /// <summary>Which columns name what a command calls so, the best first.</summary>
    private static readonly Dictionary<string, string[]> ColumnsByArgument = new(StringComparer.Ordinal)
    {
        ["path"] = ["path", "name", "file"],
        ["file"] = ["path", "name", "file"],
        ["directory"] = ["path", "name"],
        ["source"] = ["path", "name", "file"],
        ["user"] = ["user", "name", "uid"],
    };

    /// <inheritdoc/>
    public override string Name => "xargs";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "xargs [-n COUNT] [-c COLUMN] COMMAND [ARG...]",
        Summary = "Calls a command with values of the rows as further arguments.",
        Remarks = "It takes the column that fits what the command works on: pid for pstat and kill, path or name for what takes files; else "
            + "the first one. Values stay what they are and are never split; text gives an argument a line. Without rows nothing is called.",
        Options =
        [
            ("-n COUNT", $"so many rows for each call; {BatchSize} unless given"),
            ("-c COLUMN", "the column to take"),
        ],
        ColumnsRemark = "those of COMMAND",
        Examples = ["ps | xargs pstat | select pid comm rss", "ls *.tmp | xargs rm", "ps | xargs -c comm -n 1 echo"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        arguments.NeedAtLeast(1, "COMMAND");
        int batch = arguments.ValueOf("-n") is { } count ? (int)arguments.Integer(count, "COUNT", 1, 1_000_000) : BatchSize;
        RowSource input = TextInput.ByLines(arguments.Input);
        if (arguments.OperandAt(0) is not { } named)
        {
            return GivenRowsSource.Nothing;
        }

        string name = ArgumentReader.Text(named);
        Command command = CommandTable.Find(name)
            ?? throw new CommandException($"there is no command {name} for it to call; functions are called by `for` and `while read`", named.Span, status: 127);
        int index = arguments.ValueOf("-c") is { } column
            ? InputColumns.Find(input, ArgumentReader.Text(column), column.Span).Index
            : Fitting(command, input);
        var inner = new CommandCall(name, named.Span, [.. arguments.Operands.Skip(1)], Input: null);
        return new XargsSource(command, inner, input, index, batch);
    }

    /// <summary>Where the column is that the command's own synopsis asks for; what it takes any number of comes first.</summary>
    private static int Fitting(Command command, RowSource input)
    {
        IEnumerable<string> wanted = ArgumentNames().Matches(command.Help.Synopsis)
            .OrderByDescending(match => match.Groups["many"].Success)
            .Select(match => match.Groups["name"].Value.ToLowerInvariant())
            .SelectMany(name => ColumnsByArgument.GetValueOrDefault(name) ?? [name]);
        return wanted.Select(input.Find).FirstOrDefault(place => place is not null)?.Index ?? 0;
    }

    [GeneratedRegex(@"\b(?<name>[A-Z]{2,})(?<many>\.\.\.)?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ArgumentNames();
}
