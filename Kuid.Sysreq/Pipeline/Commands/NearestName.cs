namespace Kuid.Sysreq.Pipeline.Commands;

/// <summary>Guesses which name was meant by one that there is not.</summary>
public static class NearestName
{
    /// <summary>The name that the fewest changes of a letter lead to, at most a third of its letters; null when none is near.</summary>
    public static string? Among(IEnumerable<string> names, string meant) =>
        names.Select(name => (Name: name, Distance: Distance(name, meant)))
            .Where(candidate => candidate.Distance <= Math.Max(1, Math.Max(candidate.Name.Length, meant.Length) / 3))
            .OrderBy(candidate => candidate.Distance)
            .Select(candidate => candidate.Name)
            .FirstOrDefault();

    // Levenshtein's distance, with two neighbours exchanged counted as one change; in any case of the letters.
    private static int Distance(string from, string to)
    {
        const int LongestName = 64;
        if (from.Length > LongestName || to.Length > LongestName)
            return int.MaxValue;

        int[,] changes = new int[from.Length + 1, to.Length + 1];
        for (int i = 0; i <= from.Length; i++)
        {
            for (int j = 0; j <= to.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    changes[i, j] = i + j;
                    continue;
                }

                int replaced = changes[i - 1, j - 1] + (Same(from[i - 1], to[j - 1]) ? 0 : 1);
                changes[i, j] = Math.Min(replaced, Math.Min(changes[i - 1, j], changes[i, j - 1]) + 1);
                if (i > 1 && j > 1 && Same(from[i - 1], to[j - 2]) && Same(from[i - 2], to[j - 1]))
                    changes[i, j] = Math.Min(changes[i, j], changes[i - 2, j - 2] + 1);
            }
        }

        return changes[from.Length, to.Length];
    }

    private static bool Same(char a, char b) => char.ToUpperInvariant(a) == char.ToUpperInvariant(b);
}
