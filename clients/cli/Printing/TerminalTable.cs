using System.Text;
using Kuid.Cli.Streams;
using Spectre.Console;

namespace Kuid.Cli.Printing;

/// <summary>What a row's colour says.</summary>
internal enum RowColour
{
    Plain,
    Good,
    Bad,
    Ended,
    Busy,
}

/// <summary>
/// A table for a terminal of some width, with or without colours. For a pipe (no width) it is fields between tabs, whole
/// and without colours: what cut(1) and awk(1) take apart. The fields hold no tab or newline of their own.
/// </summary>
/// <param name="width">The terminal's columns; null for a pipe or a file.</param>
/// <param name="colours">Whether colours are wanted.</param>
internal sealed class TerminalTable(int? width, bool colours)
{
    private const int UsualWidth = 80;

    /// <summary>Whether a terminal is to show colours, by NO_COLOR (https://no-color.org: set and not empty) and TERM.</summary>
    internal static bool WantsColours { get; } = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } and not "dumb";

    /// <summary>Whether standard output is a terminal on which the cursor can be moved.</summary>
    internal static bool StdoutIsScreen =>
        Descriptor.IsTerminal(Descriptor.Stdout) && Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } and not "dumb";

    /// <summary>Fields between tabs.</summary>
    internal static TerminalTable ForPipe { get; } = new(width: null, colours: false);

    /// <summary>The one that suits standard output, NO_COLOR and TERM.</summary>
    internal static TerminalTable ForStdout()
    {
        if (!Descriptor.IsTerminal(Descriptor.Stdout))
        {
            return ForPipe;
        }

        return new TerminalTable(Descriptor.Columns(Descriptor.Stdout) is > 0 and int columns ? columns : UsualWidth, WantsColours);
    }

    /// <summary>The whole text, each line with its end.</summary>
    /// <param name="columns">The names of the columns.</param>
    /// <param name="rows">The fields of each row; the last column gives way when the width does not suffice.</param>
    /// <param name="colour">The colour of a row by its index, worn by its second field.</param>
    internal string Render(IReadOnlyList<string> columns, IReadOnlyList<string[]> rows, Func<int, RowColour> colour) =>
        width is { } columnsOfTerminal
            ? RenderForTerminal(columnsOfTerminal, columns, rows, colour)
            : RenderForPipe(columns, rows);

    private static string RenderForPipe(IReadOnlyList<string> columns, IReadOnlyList<string[]> rows)
    {
        var text = new StringBuilder().AppendJoin('\t', columns).Append('\n');
        foreach (string[] row in rows)
        {
            text.AppendJoin('\t', row).Append('\n');
        }

        return text.ToString();
    }

    private static Style StyleOf(RowColour colour) => colour switch
    {
        RowColour.Good => new Style(Color.Green),
        RowColour.Bad => new Style(Color.Red),
        RowColour.Ended => new Style(Color.Yellow),
        RowColour.Busy => new Style(Color.Blue),
        _ => Style.Plain,
    };

    private string RenderForTerminal(
        int terminal, IReadOnlyList<string> columns, IReadOnlyList<string[]> rows, Func<int, RowColour> colour)
    {
        using var text = new StringWriter { NewLine = "\n" };
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new TextOutput(text, terminal),
            Ansi = colours ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = colours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Capabilities.Unicode = true;

        Table table = new Table().NoBorder();
        for (int i = 0; i < columns.Count; i++)
        {
            bool last = i == columns.Count - 1;
            table.AddColumn(new TableColumn(new Text(columns[i], new Style(decoration: Decoration.Bold)))
            {
                NoWrap = !last,
                Padding = new Padding(0, 0, last ? 0 : 2, 0),
            });
        }

        for (int i = 0; i < rows.Count; i++)
        {
            Style style = StyleOf(colour(i));
            table.AddRow(rows[i].Select((field, column) => new Text(field, column == 1 ? style : null)));
        }

        console.Write(table);

        // Spectre pads every line to the table's width.
        return string.Join('\n', text.ToString().Split('\n').Select(line => line.TrimEnd(' ')));
    }

    // Spectre's own asks .NET's console for the width even if it has been told, and that sends a control sequence to the terminal.
    private sealed class TextOutput(TextWriter writer, int width) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => true;

        public int Width => width;

        public int Height => int.MaxValue;

        public void SetEncoding(Encoding encoding)
        {
            // Text has none.
        }
    }
}
