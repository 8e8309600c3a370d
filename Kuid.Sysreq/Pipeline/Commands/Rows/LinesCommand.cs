using Kuid.Sysreq.Pipeline.Rows;

namespace Kuid.Sysreq.Pipeline.Commands.Rows;

/// <summary><c>lines</c>: text by lines.</summary>
internal sealed class LinesCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "lines";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "lines [COLUMN]",
        Summary = "A row for each line of a text: of the column data, of the only column, or of the named one.",
        Remarks = "The ends of the lines, \\n or \\r\\n, are no part of them. Bytes are one text across all rows; a value of another "
            + "kind is one on its own. A line has at most 16 MiB.",
        Columns = [TextInput.LineColumn],
        Examples = ["cat /etc/passwd | lines", "cat /etc/fstab | lines | grep -v '^#'"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        arguments.TakeAtMost(1, "COLUMN");
        (RowSource input, int index) = TextColumn.Of(arguments);
        return TextInput.LinesOf(input, index);
    }
}
