using System.Collections;

namespace Kuid.Jobd.Core.Processes.Isolation;

/// <summary>Words of an option that takes several; two are equal when their words are.</summary>
public sealed class WordList(params IReadOnlyList<string> words) : IReadOnlyList<string>, IEquatable<WordList>
{
    /// <summary>None.</summary>
    public static WordList Empty { get; } = new();

    /// <inheritdoc/>
    public int Count => words.Count;

    /// <inheritdoc/>
    public string this[int index] => words[index];

    /// <inheritdoc/>
    public bool Equals(WordList? other) => other is not null && this.SequenceEqual(other, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as WordList);

    /// <inheritdoc/>
    public override int GetHashCode() => words.Aggregate(0, HashCode.Combine);

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator() => words.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => string.Join(' ', words);
}
