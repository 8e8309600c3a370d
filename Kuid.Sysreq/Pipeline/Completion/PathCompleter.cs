using System.Globalization;
using System.Text;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Completion;

/// <summary>
/// Names of the remote system's files that a written beginning can become. What is inserted keeps the quotes that were begun, and escapes
/// what would mean something else; a name that cannot be typed is written as <c>$'...'</c>.
/// </summary>
internal sealed class PathCompleter(RemoteSystem system)
{
    // A directory of a million names is no help to anybody.
    private const int MostRead = 20_000;
    private const string Special = " \t\"'\\$`&|;<>()*?[]{}~#!=";

    public async Task<IReadOnlyList<CompletionItem>> CompleteAsync(string prefix, CancellationToken cancellation)
    {
        char quote = prefix is ['\'' or '"', ..] ? prefix[0] : default;
        string written = Unquote(quote == default ? prefix : prefix[1..], quote);
        int slash = written.LastIndexOf('/') + 1;
        (string directory, string beginning) = (written[..slash], written[slash..]);

        // The expansion of substitutions and of tildes is the evaluator's: nothing is run for a completion.
        if (written.AsSpan().IndexOfAny('$', '`') >= 0 || (quote == default && written.StartsWith('~')))
        {
            return [];
        }

        IReadOnlyList<(string Name, bool IsDirectory)> names = await NamesAsync(directory, beginning, cancellation);
        return
        [
            .. names.OrderBy(name => name.Name, StringComparer.Ordinal).Select(name => new CompletionItem(
                Quote(directory + name.Name + (name.IsDirectory ? "/" : string.Empty), quote, isWhole: !name.IsDirectory),
                name.Name + (name.IsDirectory ? "/" : string.Empty),
                IsWhole: !name.IsDirectory)),
        ];
    }

    private async Task<IReadOnlyList<(string Name, bool IsDirectory)>> NamesAsync(string directory, string beginning, CancellationToken cancellation)
    {
        var names = new List<(ByteString Name, FileKind Kind)>();
        try
        {
            int read = 0;
            await foreach (DirectoryEntry entry in system.ListAsync(directory.Length == 0 ? "." : directory, cancellation))
            {
                string name = entry.Name.ToString();
                if (++read > MostRead)
                {
                    break;
                }

                if (name.StartsWith(beginning, StringComparison.Ordinal) && name is not ("." or "..") && (beginning.Length > 0 || name[0] != '.')
                    && Encoding.UTF8.GetBytes(name).AsSpan().SequenceEqual(entry.Name.Span))
                {
                    names.Add((entry.Name, entry.Kind));
                }
            }
        }
        catch (SysreqException)
        {
            // There is no such directory, or it cannot be read: nothing can stand there.
            return [];
        }

        // A link may lead to a directory, and some file systems do not say what their entries are.
        (ByteString Name, FileKind Kind)[] unclear = [.. names.Where(name => name.Kind is FileKind.SymbolicLink or FileKind.Unknown)];
        IReadOnlyList<Outcome<FileStatus>> followed =
            await system.StatAllAsync([.. unclear.Select(name => (ByteString)(directory + name.Name))], followLinks: true, cancellation);
        HashSet<ByteString> directories =
        [
            .. names.Where(name => name.Kind == FileKind.Directory).Select(name => name.Name),
            .. unclear.Where((_, i) => followed[i].Succeeded && followed[i].Value.Kind == FileKind.Directory).Select(name => name.Name),
        ];
        return [.. names.Select(name => (name.Name.ToString(), directories.Contains(name.Name)))];
    }

    private static string Unquote(string written, char quote)
    {
        if (quote == '\'')
        {
            return written;
        }

        var text = new StringBuilder();
        for (int i = 0; i < written.Length; i++)
        {
            i += written[i] == '\\' && i + 1 < written.Length ? 1 : 0;
            text.Append(written[i]);
        }

        return text.ToString();
    }

    private static string Quote(string path, char quote, bool isWhole)
    {
        if (path.Any(char.IsControl))
        {
            return $"$'{string.Concat(path.Select(InAnsiQuotes))}'";
        }

        string end = isWhole ? quote.ToString() : string.Empty;
        return quote switch
        {
            '\'' => $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}{end}",
            '"' => $"\"{Escape(path, "\"\\$`")}{end}",
            _ => Escape(path, Special),
        };
    }

    private static string Escape(string path, string special) =>
        string.Concat(path.Select(c => special.Contains(c, StringComparison.Ordinal) ? $"\\{c}" : c.ToString()));

    private static string InAnsiQuotes(char c) => c switch
    {
        '\'' or '\\' => $"\\{c}",
        _ when char.IsControl(c) => string.Create(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
        _ => c.ToString(),
    };
}
