namespace Kuid.Cli;

/// <summary>What somebody who mistyped a word may have meant.</summary>
internal static class Nearest
{
    private const int FarthestGuess = 2;

    /// <summary><c> (did you mean --label?)</c>, or nothing when nothing is near.</summary>
    internal static string Hint(string word, IEnumerable<string> candidates)
    {
        (string Name, int Distance)[] near =
        [
            .. candidates
                .Select(name => (Name: name, Distance: name.StartsWith(word, StringComparison.Ordinal) && word.Length > 3 ? 0 : Distance(word, name)))
                .Where(candidate => candidate.Distance <= FarthestGuess && candidate.Distance <= word.Length / 2)
                .OrderBy(candidate => candidate.Distance),
        ];
        return near.Length > 0 ? $" (did you mean {near[0].Name}?)" : string.Empty;
    }

    // Levenshtein's, one row of his table at a time.
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 0; i < a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i + 1;
            for (int j = 0; j < b.Length; j++)
            {
                int substituted = diagonal + (a[i] == b[j] ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(substituted, Math.Min(row[j], diagonal) + 1);
            }
        }

        return row[^1];
    }
}
