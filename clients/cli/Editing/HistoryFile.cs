using System.Text;

namespace Kuid.Cli.Editing;

/// <summary>
/// The history on disk, <c>$XDG_STATE_HOME/kuid/shell_history</c>: a line an entry, its own line feeds written as <c>\n</c> and its
/// backslashes as <c>\\</c>. Only its owner can read it, for passwords are typed into shells.
/// </summary>
/// <remarks>
/// Several shells may share it. An entry is added in one write to the end of the file, which the kernel does not mix with others.
/// A file that has grown long is written anew, without repetitions, beside the old one and put in its place; a lock keeps additions
/// out meanwhile. A shell whose history cannot be read or written says so once and goes on without.
/// </remarks>
internal sealed class HistoryFile(string path)
{
    private const int LinesBeforeRewrite = History.Most + (History.Most / 10);
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(10);
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private bool _isGivenUp;

    /// <summary>The file of this user.</summary>
    internal static HistoryFile OfUser() => new(Path.Combine(UserFolders.State, "shell_history"));

    /// <summary>Reads it all, and shortens it when it has grown long.</summary>
    internal IReadOnlyList<string> Read()
    {
        try
        {
            if (!File.Exists(path))
            {
                return [];
            }

            string[] lines = File.ReadAllLines(path);
            if (lines.Length > LinesBeforeRewrite)
            {
                using FileStream? held = Lock();
                lines = [.. History.Fold(File.ReadAllLines(path))];
                Rewrite(lines);
            }

            return [.. lines.Select(Unescape)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            GiveUp(e);
            return [];
        }
    }

    /// <summary>Adds an entry.</summary>
    internal void Append(string entry)
    {
        if (_isGivenUp)
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using FileStream? held = Lock();
            using FileStream file = Open(path, FileMode.Append);
            file.Write(Utf8.GetBytes(Escape(entry) + "\n"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            GiveUp(e);
        }
    }

    private static string Escape(string entry) =>
        entry.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Unescape(string line)
    {
        var entry = new StringBuilder();
        for (int i = 0; i < line.Length; i++)
        {
            entry.Append((line[i], i + 1 < line.Length ? line[i + 1] : default) switch
            {
                ('\\', 'n') => '\n',
                ('\\', '\\') => '\\',
                _ => line[i],
            });
            i += line[i] == '\\' && i + 1 < line.Length && line[i + 1] is 'n' or '\\' ? 1 : 0;
        }

        return entry.ToString();
    }

    // No buffer: one write of ours is one of the kernel's.
    private static FileStream Open(string file, FileMode mode) => new(file, new FileStreamOptions
    {
        Mode = mode,
        Access = FileAccess.Write,
        Share = FileShare.ReadWrite,
        BufferSize = 0,
        UnixCreateMode = OwnerOnly,
    });

    private void Rewrite(IEnumerable<string> lines)
    {
        string temporary = path + ".new";
        File.Delete(temporary);
        using (FileStream file = Open(temporary, FileMode.CreateNew))
        {
            file.Write(Utf8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    // Whoever holds it for longer than a shell needs is stopped or broken; the worst is an entry lost.
    private FileStream? Lock()
    {
        long start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path + ".lock", new FileStreamOptions
                {
                    Mode = FileMode.OpenOrCreate,
                    Access = FileAccess.ReadWrite,
                    Share = FileShare.None,
                    UnixCreateMode = OwnerOnly,
                });
            }
            catch (IOException) when (File.Exists(path + ".lock"))
            {
                if (TimeProvider.System.GetElapsedTime(start) > LockPatience)
                {
                    return null;
                }

                Thread.Sleep(LockPause);
            }
        }
    }

    private void GiveUp(Exception e)
    {
        _isGivenUp = true;
        Talk.Line($"the history is not kept: {e.Message}");
    }
}
