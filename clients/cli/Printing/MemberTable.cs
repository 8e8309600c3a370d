using System.Text.Json;

namespace Kuid.Cli.Printing;

/// <summary>One document, one member a line: all that the daemon sent, also what this version of kuid has not heard of.</summary>
internal static class MemberTable
{
    /// <summary>The lines.</summary>
    internal static string Of(JsonElement document, TerminalTable table) => table.Render(
        ["MEMBER", "VALUE"],
        [.. document.EnumerateObject().Select(member => new[] { Visible.Of(member.Name), Member.Text(member.Name, member.Value) })],
        _ => RowColour.Plain);
}
