using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Evaluation.Expansion;

/// <summary>Finds the remote files that a pattern names.</summary>
/// <remarks>
/// Each part of a path between slashes is a pattern of its own. Names that begin with a dot are found only by a pattern that does, and
/// <c>.</c> and <c>..</c> never. <c>**</c> as a whole part goes through any number of directories, links to directories left out. The
/// names come in the order of their bytes, whatever the language of the remote system.
/// </remarks>
internal sealed class PathExpander(Shell shell, CancellationToken cancellation)
{
    /// <summary>How many files one pattern may name.</summary>
    private const int Limit = 1_000_000;

    /// <summary>How deep <c>**</c> goes.</summary>
    private const int MaxDepth = 100;

    private RemoteSystem System => shell.Connection.System;

    /// <summary>The names; none when the field is no pattern, or one that fits nothing.</summary>
    public async ValueTask<IReadOnlyList<string>> ExpandAsync(Field field)
    {
        if (!field.Pieces.Any(piece => !piece.IsQuoted && piece.Text.AsSpan().IndexOfAny("*?[") >= 0))
        {
            return [];
        }

        List<List<TextPiece>> parts = Split(field);
        if (!parts.Exists(part => Pattern.Of(part).HasSpecials))
        {
            return [];
        }

        // What stands before the first pattern is taken as it is: listing it fails by itself. What stands behind one is looked for.
        List<string> paths = [""];
        bool isBehindPattern = false;
        for (int at = 0; at < parts.Count && paths.Count > 0; at++)
        {
            bool isLast = at == parts.Count - 1;
            if (parts[at].Count == 0 && isBehindPattern && !isLast)
            {
                // Of several slashes behind a pattern one is left, as in bash.
                continue;
            }

            var pattern = Pattern.Of(parts[at]);
            paths = pattern.HasSpecials
                ? await MatchAsync(paths, pattern, isLast)
                : [.. paths.Select(path => path + string.Concat(parts[at].Select(piece => piece.Text)) + (isLast ? "" : "/"))];
            if (isLast && isBehindPattern && !pattern.HasSpecials)
            {
                paths = await ExistingAsync(paths);
            }

            isBehindPattern |= pattern.HasSpecials;
            if (paths.Count > Limit)
            {
                throw new ExpansionException($"`{field.Text}` names more than {Limit} files");
            }
        }

        return [.. paths.OrderBy(path => new ByteString(ShellText.BytesOf(path)))];
    }

    private static List<List<TextPiece>> Split(Field field)
    {
        var parts = new List<List<TextPiece>> { new() };
        foreach (TextPiece piece in field.Pieces)
        {
            string[] texts = piece.Text.Split('/');
            for (int at = 0; at < texts.Length; at++)
            {
                if (at > 0)
                {
                    parts.Add([]);
                }

                if (texts[at].Length > 0)
                {
                    parts[^1].Add(piece with { Text = texts[at] });
                }
            }
        }

        return parts;
    }

    /// <summary>The names in directories that fit; each of the paths is empty or ends in a slash.</summary>
    private async ValueTask<List<string>> MatchAsync(List<string> paths, Pattern pattern, bool isLast)
    {
        var found = new List<string>();
        foreach (string path in paths)
        {
            if (pattern.IsDoubleStar)
            {
                await AddTreeAsync(found, path, isLast, depth: 0);
                continue;
            }

            await foreach ((string name, FileKind kind) in EntriesAsync(path))
            {
                if (IsShown(name, pattern) && (isLast || MayBeDirectory(kind)) && pattern.Fits(name))
                {
                    found.Add(isLast ? path + name : path + name + "/");
                }
            }
        }

        return found;
    }

    private async ValueTask AddTreeAsync(List<string> found, string path, bool isLast, int depth)
    {
        // Through no directory at all: what follows stands here, and at the end it is this directory itself.
        if (!isLast || (depth == 0 && path.Length > 0))
        {
            found.Add(path);
        }

        if (depth == MaxDepth || found.Count > Limit)
        {
            return;
        }

        var directories = new List<string>();
        await foreach ((string name, FileKind kind) in EntriesAsync(path))
        {
            if (name[0] == '.')
            {
                continue;
            }

            if (isLast)
            {
                found.Add(path + name);
            }

            if (kind == FileKind.Directory)
            {
                directories.Add(path + name + "/");
            }
        }

        foreach (string directory in directories)
        {
            await AddTreeAsync(found, directory, isLast, depth + 1);
        }
    }

    /// <summary>The entries of a directory; none where it cannot be read, as a pattern asks for what there is.</summary>
    private async IAsyncEnumerable<(string Name, FileKind Kind)> EntriesAsync(string path)
    {
        ByteString directory = ShellText.BytesOf(path.Length == 0 ? "." : path);
        await using IAsyncEnumerator<DirectoryEntry> entries = System.ListAsync(directory, cancellation).GetAsyncEnumerator(cancellation);
        while (true)
        {
            try
            {
                if (!await entries.MoveNextAsync())
                {
                    yield break;
                }
            }
            catch (SysreqException)
            {
                yield break;
            }

            yield return (ShellText.Of(entries.Current.Name.Span), entries.Current.Kind);
        }
    }

    private async ValueTask<List<string>> ExistingAsync(List<string> paths)
    {
        IReadOnlyList<Outcome<FileStatus>> outcomes =
            await System.StatAllAsync([.. paths.Select(path => new ByteString(ShellText.BytesOf(path)))], followLinks: false, cancellation);
        return [.. paths.Where((_, at) => outcomes[at].Succeeded)];
    }

    private static bool IsShown(string name, Pattern pattern) => name is not ("." or "..") && (name[0] != '.' || pattern.BeginsWithDot);

    private static bool MayBeDirectory(FileKind kind) => kind is FileKind.Directory or FileKind.SymbolicLink or FileKind.Unknown;
}
