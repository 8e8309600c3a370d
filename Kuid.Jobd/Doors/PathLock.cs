using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Doors;

/// <summary>
/// The right to a path: an flock on a file beside it, which the kernel lets go however the daemon ends. It owns the file's
/// descriptor and removes the file when it is given up.
/// </summary>
public sealed class PathLock : IDisposable
{
    private readonly string _file;
    private readonly SafeFd _fd;

    private PathLock(string file, SafeFd fd)
    {
        _file = file;
        _fd = fd;
    }

    /// <summary>Takes the lock.</summary>
    /// <returns>The lock, or null when another process has it.</returns>
    /// <exception cref="NativeException">The file cannot be opened.</exception>
    public static PathLock? TryTake(string file)
    {
        while (true)
        {
            SafeFd fd = LibcFiles.OpenOwn(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            if (!LibcFiles.TryLock(fd))
            {
                fd.Dispose();
                return null;
            }

            // Its last holder may have removed the file after we opened it: then this is a lock on nothing.
            if (LibcFiles.Identify(fd).SameFile(LibcFiles.Identify(file)))
            {
                return new PathLock(file, fd);
            }

            fd.Dispose();
        }
    }

    /// <summary>Removes the file, unless another has taken its place, while the lock is still held; then lets go.</summary>
    public void Dispose()
    {
        if (_fd.IsClosed)
        {
            return;
        }

        LibcFiles.RemoveIfSame(_file, LibcFiles.Identify(_fd));
        _fd.Dispose();
    }
}
