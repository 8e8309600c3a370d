using System.Globalization;
using System.Text.Json;

namespace Kuid.Cli.Printing;

/// <summary>The members of a document as people read them. The unit is in a member's name, by the contract's own rule.</summary>
internal static class Member
{
    private const string Nothing = "-";

    /// <summary>What takes a member out of a document.</summary>
    /// <param name="name">Its name; a dash stands for a document that has none, or null.</param>
    internal static Func<JsonElement, string> Of(string name) =>
        document => document.TryGetProperty(name, out JsonElement value) ? Text(name, value) : Nothing;

    /// <summary>A member's value.</summary>
    internal static string Text(string name, JsonElement member) => member switch
    {
        { ValueKind: JsonValueKind.Null } => Nothing,
        { ValueKind: JsonValueKind.True } => "yes",
        { ValueKind: JsonValueKind.False } => "no",
        { ValueKind: JsonValueKind.Number } when name.EndsWith("Seconds", StringComparison.Ordinal) => Humane.Duration(member.GetDouble()),
        { ValueKind: JsonValueKind.Number } when name.EndsWith("Bytes", StringComparison.Ordinal)
            && member.TryGetInt64(out long bytes) => Humane.Bytes(bytes),
        { ValueKind: JsonValueKind.String } when name.EndsWith("At", StringComparison.Ordinal)
            && DateTimeOffset.TryParse(member.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset time) =>
            Humane.Time(time),
        { ValueKind: JsonValueKind.Array } when name == "argv" => Humane.Command([.. member.EnumerateArray().Select(word => word.ToString())]),
        { ValueKind: JsonValueKind.Array } => Visible.Of(string.Join(' ', member.EnumerateArray())),
        { ValueKind: JsonValueKind.Object } => Visible.Of(string.Join(
            ' ', member.EnumerateObject().Where(pair => pair.Value.ValueKind != JsonValueKind.Null).Select(pair => $"{pair.Name}={pair.Value}"))),
        _ => Visible.Of(member.ToString()),
    };
}
