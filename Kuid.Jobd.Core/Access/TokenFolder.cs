using System.Text;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Services;

namespace Kuid.Jobd.Core.Access;

/// <summary>The folder of named tokens, <c>DIR/tokens</c>: each file is one, and its name is the token's.</summary>
/// <remarks>
/// A file is written beside, with fsync, and renamed, so whoever reads the folder sees the token before or after, never half of one.
/// Every change goes through the folder's entries, so the time of its last change says whether there is anything new; that is
/// all that the daemon looks at when somebody presents a token.
/// </remarks>
/// <param name="path">The folder; it need not be there.</param>
public sealed class TokenFolder(string path)
{
    private const string FolderName = "tokens";
    private const string LockName = ".lock";

    // A token with two keys has some 300 bytes; what is larger is no token.
    private const int MostBytes = 64 * 1024;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>When an entry came, went or was replaced; the same for each answer while there is no folder.</summary>
    public DateTime ChangedAt => Directory.GetLastWriteTimeUtc(path);

    /// <summary>The names, sorted. Whatever begins with a dot is none.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public IReadOnlyList<string> Names => Directory.Exists(path)
        ? [.. Directory.EnumerateFileSystemEntries(path).Select(entry => Path.GetFileName(entry)).Where(name => name[0] != '.').Order(StringComparer.Ordinal)]
        : [];

    /// <summary>The folder of a data folder.</summary>
    public static TokenFolder Of(string dataFolder) => new(Path.Combine(dataFolder, FolderName));

    /// <summary>Reads one.</summary>
    /// <returns>The token, or null when there is none of that name.</returns>
    /// <exception cref="InvalidDataException">Its file is no token's, somebody else's or open to others; the message says what to do.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public NamedToken? Read(string name)
    {
        string file = PathOf(name);
        if (LibcFiles.Identify(file) is not { } found)
        {
            return null;
        }

        if (!found.IsRegular || found.OwnerId != LibcFiles.Identify(path)!.Value.OwnerId)
        {
            throw new InvalidDataException($"{file}: is not a file of the daemon's user; remove it");
        }

        if (((UnixFileMode)found.Mode & ~OwnerOnly & (UnixFileMode)0xFFF) != UnixFileMode.None)
        {
            throw new InvalidDataException($"{file}: others may have read this token; revoke it, or chmod 600");
        }

        try
        {
            return new FileInfo(file).Length <= MostBytes
                ? NamedToken.Parse(name, File.ReadAllText(file, Encoding.Latin1))
                : throw new FormatException($"has more than {MostBytes} bytes");
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (FormatException e)
        {
            throw new InvalidDataException($"{file}: {e.Message}", e);
        }
    }

    /// <summary>Writes one, in place of another of its name.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(NamedToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        string unfinished = Path.Combine(path, $".{token.Name}.new");
        File.Delete(unfinished);
        using (var file = new FileStream(unfinished, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
        {
            file.Write(token.ToFile());
            file.Flush(flushToDisk: true);
        }

        GiveToOwner(unfinished, LibcFiles.Identify(path)!.Value.OwnerId);
        File.Move(unfinished, PathOf(token.Name), overwrite: true);
        LibcFolders.Sync(path);
    }

    /// <summary>Removes one: from then on it opens nothing.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="IOException">It cannot be removed.</exception>
    public bool Remove(string name)
    {
        string file = PathOf(name);
        if (LibcFiles.Identify(file) is null)
        {
            return false;
        }

        File.Delete(file);
        LibcFolders.Sync(path);
        return true;
    }

    /// <summary>Keeps others from changing the folder, which is made when there is none, until the answer is disposed.</summary>
    /// <exception cref="IOException">Somebody else changes it at this moment, or it cannot be made.</exception>
    public IDisposable Lock()
    {
        if (!Directory.Exists(path))
        {
            Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
            GiveToOwner(path, LibcFiles.Identify(Path.GetDirectoryName(path)!)!.Value.OwnerId);
        }

        string file = Path.Combine(path, LockName);
        var held = new FileStream(file, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, UnixCreateMode = OwnerOnly });
        GiveToOwner(file, LibcFiles.Identify(path)!.Value.OwnerId);
        return held;
    }

    // Root may look after the tokens of a daemon that runs as another user, which then has to be able to read them.
    private static void GiveToOwner(string file, uint owner)
    {
        if (LibcFiles.EffectiveUserId() != owner)
        {
            LibcFolders.ChangeOwner(file, owner);
        }
    }

    private string PathOf(string name) => ServiceName.IsValid(name)
        ? Path.Combine(path, name)
        : throw new InvalidDataException($"{Path.Combine(path, name)}: the name of a token is {ServiceName.Allowed}");
}
