namespace Kuid.Cli.Editing;

/// <summary>What has been typed before, oldest first, each text once: the last time counts.</summary>
/// <param name="entries">What earlier runs have left.</param>
internal sealed class History(IEnumerable<string> entries)
{
    /// <summary>How many texts are kept.</summary>
    internal const int Most = 10_000;

    private readonly List<string> _entries = [.. Fold([.. entries])];

    // What stands in place of an entry while it is looked at and changed, the new line among them; forgotten with the next line.
    private readonly Dictionary<int, string> _changed = [];
    private int _at;

    /// <summary>The texts.</summary>
    internal IReadOnlyList<string> Entries => _entries;

    /// <summary>Begins a new line, which stands behind the last entry.</summary>
    internal void BeginLine()
    {
        _changed.Clear();
        _at = _entries.Count;
    }

    /// <summary>Goes back or forward by some entries; what is left keeps its changes until the line is entered.</summary>
    /// <param name="text">The text as it stands now.</param>
    /// <returns>The text there; null at either end.</returns>
    internal string? Move(int by, string text)
    {
        int to = _at + by;
        if (to < 0 || to > _entries.Count)
        {
            return null;
        }

        _changed[_at] = text;
        _at = to;
        return _changed.GetValueOrDefault(to) ?? (to < _entries.Count ? _entries[to] : string.Empty);
    }

    /// <summary>Adds a text.</summary>
    /// <returns>Whether it is another than the last.</returns>
    internal bool Add(string text)
    {
        if (_entries is [.., var last] && last == text)
        {
            return false;
        }

        _entries.Remove(text);
        _entries.Add(text);
        if (_entries.Count > Most)
        {
            _entries.RemoveAt(0);
        }

        return true;
    }

    /// <summary>The last entry before a place that contains a text.</summary>
    /// <returns>Its index; null when there is none.</returns>
    internal int? FindBefore(int index, string text)
    {
        int at = Math.Min(index, _entries.Count) - 1;
        while (at >= 0 && !_entries[at].Contains(text, StringComparison.Ordinal))
        {
            at--;
        }

        return at >= 0 ? at : null;
    }

    /// <summary>The texts, each once, where it was last; the newest of more than <see cref="Most"/>.</summary>
    internal static IReadOnlyList<string> Fold(IReadOnlyList<string> entries)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return [.. entries.Reverse().Where(seen.Add).Take(Most).Reverse()];
    }
}
