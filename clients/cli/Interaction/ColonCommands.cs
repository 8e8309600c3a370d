using System.Text;
using Kuid.Cli.Printing;
using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Rows;

namespace Kuid.Cli.Interaction;

/// <summary>What the shell knows of itself and of the commands: <c>:help</c>.</summary>
internal static class ColonCommands
{
    /// <summary>Their names.</summary>
    internal static readonly string[] Names = [":help", ":quit"];

    private const string Keys =
        """
        :help [COMMAND]   this, or what a command does
        :quit             the end; so do exit and Ctrl-D
        !COMMAND          a program of the host's, with the terminal: !sh, !top

        Tab completes commands, options, columns, variables and paths; Ctrl-R searches what was typed before, the arrows go through
        it. Ctrl-C ends a pipeline. Ctrl-A, E, B, F, P, N, D, H, K, U, W, Y, T and L are as in readline.


        """;

    /// <summary>Does it.</summary>
    internal static void Run(IReadOnlyList<string> words)
    {
        switch (words)
        {
            case ["help"]:
                Printer.Print(Keys + List());
                break;
            case ["help", var name] when CommandTable.Find(name) is { } command:
                Printer.Print(Describe(command));
                break;
            case ["help", var name]:
                Talk.Line($"there is no command {name}{Nearest.Hint(name, CommandTable.All.Select(command => command.Name))}; :help lists them");
                break;
            default:
                Talk.Line($"there is no :{words[0]}{Nearest.Hint(":" + words[0], Names)}; there are {string.Join(" and ", Names)}");
                break;
        }
    }

    private static string List()
    {
        int width = CommandTable.All.Max(command => command.Name.Length);
        return string.Concat(CommandTable.All.Select(command => $"{command.Name.PadRight(width)}  {command.Help.Summary}\n"));
    }

    private static string Describe(Command command)
    {
        CommandHelp help = command.Help;
        var text = new StringBuilder().Append(help.Synopsis).Append("\n\n").Append(help.Summary).Append('\n');
        if (help.Remarks.Length > 0)
        {
            text.Append('\n').Append(help.Remarks).Append('\n');
        }

        AppendPairs(text, string.Empty, help.Options);
        AppendPairs(text, "Columns:\n", [.. help.Columns.Select(Line)]);
        AppendPairs(text, "When a later stage names them:\n", [.. help.OnDemand.Select(Line)]);
        if (help.ColumnsRemark is { } remark)
        {
            text.Append("\nColumns: ").Append(remark).Append('\n');
        }

        foreach (string example in help.Examples)
        {
            text.Append(example == help.Examples[0] ? "\n" : string.Empty).Append("  ").Append(example).Append('\n');
        }

        return text.ToString();
    }

    private static (string Name, string Meaning) Line(Column column) => (column.Name, column.Kind.ToString().ToLowerInvariant());

    private static void AppendPairs(StringBuilder text, string title, IReadOnlyList<(string Name, string Meaning)> pairs)
    {
        if (pairs.Count > 0)
        {
            int width = pairs.Max(pair => pair.Name.Length);
            text.Append('\n').Append(title).AppendJoin(string.Empty, pairs.Select(pair => $"  {pair.Name.PadRight(width)}  {pair.Meaning}\n"));
        }
    }
}
