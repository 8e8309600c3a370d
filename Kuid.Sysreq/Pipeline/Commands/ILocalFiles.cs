namespace Kuid.Sysreq.Pipeline.Commands;

/// <summary>
/// The files of whoever calls, for <c>upload</c> and <c>download</c>. A host program that works for its own user has them
/// (<see cref="LocalFiles"/>); a daemon that works for others does not, because a script must not read what is the daemon's.
/// </summary>
public interface ILocalFiles
{
    /// <summary>Opens a file for reading.</summary>
    /// <returns>Its bytes, and its permissions.</returns>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    (Stream Content, UnixFileMode Mode) OpenRead(string path);

    /// <summary>Makes a file with these permissions, or cuts one to nothing and gives it these.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    Stream OpenWrite(string path, UnixFileMode mode);

    /// <summary>Whether there is a directory of this path.</summary>
    bool IsDirectory(string path);
}
