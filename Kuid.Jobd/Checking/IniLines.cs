namespace Kuid.Jobd.Checking;

/// <summary>One key of a configuration file.</summary>
/// <param name="Number">Its line, from 1.</param>
/// <param name="Key">The key behind its section and a colon: <c>sockproc:timeout-seconds</c>.</param>
internal readonly record struct IniLine(int Number, string Key, string Value);

/// <summary>
/// A configuration file by its lines. The framework's reader, by which the daemon starts, says neither where something stands nor
/// more than the first line that is wrong; this one follows the same grammar, and a test holds the two against each other.
/// </summary>
/// <remarks>
/// A line is empty, a comment (<c>;</c>, <c>#</c> or <c>/</c> first), <c>[section]</c>, or <c>key = value</c>, blanks around each part
/// aside; a value in double quotes is what is between them. Capitals and small letters of keys are the same.
/// </remarks>
internal static class IniLines
{
    /// <summary>The first line of a file that is wrong, with its place, which the framework's reader does not say.</summary>
    /// <returns>A sentence, or null when this reader finds nothing.</returns>
    internal static string? FirstMistake(string file)
    {
        string? first = null;
        Read(File.ReadLines(file), (number, mistake) => first ??= $"{file}:{number}: {mistake}");
        return first;
    }

    /// <summary>Reads a file's text.</summary>
    /// <param name="mistaken">Told of each line that is none of these, or a key that was there before.</param>
    internal static IReadOnlyList<IniLine> Read(IEnumerable<string> text, Action<int, string> mistaken)
    {
        var lines = new List<IniLine>();
        var seen = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        string section = string.Empty;
        int number = 0;
        foreach (string line in text.Select(raw => raw.Trim()))
        {
            number++;
            if (line.Length == 0 || line[0] is ';' or '#' or '/')
            {
                continue;
            }

            if (line[0] == '[' && line[^1] == ']')
            {
                section = line[1..^1].Trim() + ":";
                continue;
            }

            int equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
            {
                mistaken(number, $"\"{line}\" is neither [section] nor key = value");
                continue;
            }

            string key = section + line[..equals].Trim(), value = line[(equals + 1)..].Trim();
            if (!seen.TryAdd(key, number))
            {
                mistaken(number, $"\"{key}\" was set in line {seen[key]} already");
                continue;
            }

            lines.Add(new IniLine(number, key, value.Length > 1 && value[0] == '"' && value[^1] == '"' ? value[1..^1] : value));
        }

        return lines;
    }
}
