namespace Kuid.Jobd.Api.Models;

/// <summary>The words that stand for an enum's values in JSON and in queries: their names in small letters.</summary>
internal static class Words<T>
    where T : struct, Enum
{
    private static readonly Dictionary<T, string> WordByValue = Enum.GetValues<T>().ToDictionary(value => value, Spell);

    private static readonly Dictionary<string, T> ValueByWord =
        WordByValue.ToDictionary(entry => entry.Value, entry => entry.Key, StringComparer.Ordinal);

    /// <summary>All of them, for telling what is allowed.</summary>
    internal static IReadOnlyCollection<string> All => WordByValue.Values;

    /// <summary>The word of a value.</summary>
    internal static string Of(T value) => WordByValue[value];

    /// <summary>The value of a word; null when it is none.</summary>
    internal static T? Parse(string word) => ValueByWord.TryGetValue(word, out T value) ? value : null;

    private static string Spell(T value) => value.ToString().ToLowerInvariant();
}
