namespace Kuid.Client;

/// <summary>Headers by name, however their letters are written: a proxy may have made them small.</summary>
internal static class AnswerHeaders
{
    internal static string? Header(this IReadOnlyDictionary<string, IEnumerable<string>> headers, string name) =>
        headers.FirstOrDefault(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value?.FirstOrDefault();
}
