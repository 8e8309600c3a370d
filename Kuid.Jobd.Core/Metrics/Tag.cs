using System.Collections.Frozen;

namespace Kuid.Jobd.Core.Metrics;

/// <summary>The values of an enum as those of a tag, in lower case and made once.</summary>
internal static class Tag<T>
    where T : struct, Enum
{
    private static readonly FrozenDictionary<T, string> Words =
        Enum.GetValues<T>().Distinct().ToFrozenDictionary(value => value, value => value.ToString().ToLowerInvariant());

    /// <summary>A tag.</summary>
    internal static KeyValuePair<string, object?> Of(string name, T value) => new(name, Words[value]);
}
