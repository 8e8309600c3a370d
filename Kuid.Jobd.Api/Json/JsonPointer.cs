namespace Kuid.Jobd.Api.Json;

/// <summary>Places in a JSON document (RFC 6901).</summary>
internal static class JsonPointer
{
    /// <summary>The place of the whole document.</summary>
    internal const string Root = "";

    /// <summary>What a sentence calls a place: the pointer, which of the whole document is empty.</summary>
    internal static string Name(string pointer) => pointer.Length == 0 ? "the body" : pointer;

    /// <summary>The place of a member of what a pointer points to.</summary>
    internal static string Member(string parent, string name) =>
        $"{parent}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    /// <summary>The place of an element.</summary>
    internal static string Element(string parent, int index) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{parent}/{index}");
}
