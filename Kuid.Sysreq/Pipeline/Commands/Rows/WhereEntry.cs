using Kuid.Sysreq.Pipeline.Rows;

namespace Kuid.Sysreq.Pipeline.Commands.Rows;

/// <summary>
/// <c>where</c> in the list of commands. Its argument is an expression, which the grammar reads and <see cref="WhereSource"/> binds; a
/// call with words, as <c>xargs</c> would make it, is none.
/// </summary>
internal sealed class WhereEntry : Command
{
    /// <inheritdoc/>
    public override string Name => "where";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "where CONDITION",
        Summary = "The rows for which the condition is true.",
        Remarks = "A condition has columns by their names, numbers (10, 1.5, 0x1f, 0644) with units (1KB is 1000 bytes, 1KiB and 1K are 1024; ns, us, ms, s, m, h, d, w), "
            + "texts in quotes and $variables, true, false, null, and now, the moment. == (or =), !=, <, <=, >, >= compare; =~ and !~ look for a regular expression; "
            + "+, -, *, / and % calculate; not, and, or (!, &&, ||) combine; parentheses group. Up to |, ; or the line's end > and < compare, and redirect nothing. "
            + "A text is read as what it is compared with: mtime > '2026-11-21 12:00', dtype == 'dir', mode == 0644 (its permissions). "
            + "Null equals null only, and is neither less nor greater than anything. A row whose condition is an error is left out, and the error is reported.",
        ColumnsRemark = "those of its input",
        Examples =
        [
            "ls /etc | where size > 1KB | select name size",
            "ps | xargs pstat | where comm =~ '^ssh' and rss > 1000",
            "ls /var/log | where mtime > now - 1d",
        ],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call) =>
        throw new CommandException("takes a condition and no words, as in where size > 1KB", call.Span, status: 2);
}
