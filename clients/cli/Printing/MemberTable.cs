using System.Globalization;
using System.Text.Json;
using Kuid.Cli.Api;

namespace Kuid.Cli.Printing;

/// <summary>One job, one member a line: all that the daemon sent, also what this version of kuid has not heard of.</summary>
internal static class MemberTable
{
    /// <summary>The lines.</summary>
    internal static string Of(Job job, TerminalTable table) => table.Render(
        ["MEMBER", "VALUE"],
        [.. job.Document.EnumerateObject().Select(member => new[] { Visible.Of(member.Name), Text(job, member) })],
        _ => RowColour.Plain);

    // The unit is in the member's name, by the contract's own rule.
    private static string Text(Job job, JsonProperty member) => member.Value switch
    {
        { ValueKind: JsonValueKind.Null } => "-",
        { ValueKind: JsonValueKind.True } => "yes",
        { ValueKind: JsonValueKind.False } => "no",
        { ValueKind: JsonValueKind.Number } value when member.Name.EndsWith("Seconds", StringComparison.Ordinal) =>
            Humane.Duration(value.GetDouble()),
        { ValueKind: JsonValueKind.Number } value when member.Name.EndsWith("Bytes", StringComparison.Ordinal)
            && value.TryGetInt64(out long bytes) => Humane.Bytes(bytes),
        { ValueKind: JsonValueKind.String } value when member.Name.EndsWith("At", StringComparison.Ordinal)
            && DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset time) =>
            Humane.Time(time),
        { ValueKind: JsonValueKind.Array } when member.Name == "argv" => Humane.Command(job),
        { ValueKind: JsonValueKind.Object } value => Visible.Of(string.Join(
            ' ', value.EnumerateObject().Select(pair => $"{pair.Name}={pair.Value}"))),
        _ => Visible.Of(member.Value.ToString()),
    };
}
