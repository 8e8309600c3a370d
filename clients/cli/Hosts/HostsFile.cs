namespace Kuid.Cli.Hosts;

/// <summary>
/// Names for hosts, <c>$XDG_CONFIG_HOME/kuid/hosts.ini</c>: lines <c>name = ADDRESS</c>, and comments behind <c>#</c> or <c>;</c>.
/// </summary>
internal static class HostsFile
{
    /// <summary>Where it is.</summary>
    internal static string Path => System.IO.Path.Combine(UserFolders.Config, "hosts.ini");

    /// <summary>The names with their addresses as written; none when there is no file.</summary>
    /// <exception cref="FailureException">It cannot be read; the sentence names the line.</exception>
    internal static IReadOnlyDictionary<string, string> Read()
    {
        try
        {
            return File.Exists(Path) ? Parse(File.ReadLines(Path)) : new Dictionary<string, string>(StringComparer.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FailureException($"{Path}: {e.Message}");
        }
    }

    /// <summary>Whether a word can be a name: no address looks like one.</summary>
    internal static bool IsName(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-') && word[0] != '-' && word != HostOperand.Local;

    private static Dictionary<string, string> Parse(IEnumerable<string> lines)
    {
        var hosts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((int index, string line) in lines.Select(line => line.Trim()).Index())
        {
            if (line is "" or ['#' or ';', ..])
            {
                continue;
            }

            string[] parts = line.Split('=', 2, StringSplitOptions.TrimEntries);
            if (parts is not [var name, { Length: > 0 } address])
            {
                throw Refuse(index, $"\"{line}\": allowed: NAME = ADDRESS");
            }

            if (!IsName(name))
            {
                throw Refuse(index, $"\"{name}\" cannot be a host's name; allowed: letters, digits, '.', '_' and '-', and not {HostOperand.Local}");
            }

            if (!hosts.TryAdd(name, address))
            {
                throw Refuse(index, $"there is another {name} before this one");
            }
        }

        return hosts;
    }

    private static FailureException Refuse(int index, string what) => new($"{Path}:{index + 1}: {what}");
}
