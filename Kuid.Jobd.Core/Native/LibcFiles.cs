using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Kuid.Jobd.Core.Native;

/// <summary>What .NET's files do not offer: O_TMPFILE, O_NOFOLLOW, flock(2), the identity of an inode, chown by name.</summary>
public static partial class LibcFiles
{
    private const int O_RDWR = 2;
    private const int O_CREAT = 0x40;
    private const int O_CLOEXEC = 0x80000;
    private const int O_PATH = 0x200000;
    private const uint MFD_CLOEXEC = 1;
    private const int O_EXCL = 0x80;
    private const int O_APPEND = 0x400;
    private const int LOCK_SH = 1;
    private const int LOCK_EX = 2;
    private const int LOCK_NB = 4;
    private const int AT_FDCWD = -100;
    private const int AT_SYMLINK_NOFOLLOW = 0x100;
    private const int AT_SYMLINK_FOLLOW = 0x400;
    private const int AT_EMPTY_PATH = 0x1000;
    private const uint STATX_BASIC_STATS = 0x7ff;

    // asm-generic says 0x8000 and 0x4000; arm64 swaps them with O_DIRECTORY and O_NOFOLLOW of its own.
    private static readonly bool Arm64 = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
    private static readonly int O_DIRECTORY = Arm64 ? 0x4000 : 0x10000;
    private static readonly int O_NOFOLLOW = Arm64 ? 0x8000 : 0x20000;
    private static readonly int O_TMPFILE = 0x400000 | O_DIRECTORY;

    /// <summary>A file without a name in a directory, mode 0600: it is gone with its descriptor, however the daemon ends.</summary>
    /// <returns>The file, or null where the file system cannot do it.</returns>
    /// <exception cref="NativeException">Any other failure, a full disk for one.</exception>
    public static SafeFileHandle? OpenUnnamed(string directory)
    {
        var file = new SafeFileHandle(RawOpen(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0x180), ownsHandle: true);
        if (!file.IsInvalid)
        {
            return file;
        }

        int errno = Marshal.GetLastPInvokeError();
        return errno is Errno.EOPNOTSUPP or 21 ? null : throw new NativeException($"open an unnamed file in {directory}", errno);
    }

    /// <summary>A file in memory, close-on-exec, which is gone with its last descriptor (memfd_create(2)).</summary>
    /// <param name="name">What /proc shows.</param>
    /// <exception cref="NativeException">EMFILE or ENFILE mostly.</exception>
    public static SafeFd InMemory(string name)
    {
        var file = new SafeFd(RawMemory(name, MFD_CLOEXEC));
        return file.IsInvalid ? throw NativeException.Last("memfd_create") : file;
    }

    /// <summary>Gives a file from <see cref="OpenUnnamed"/> a name (linkat(2); through /proc, for which no capability is needed).</summary>
    /// <exception cref="NativeException">EEXIST for a name that is taken, ENOSPC, EDQUOT.</exception>
    public static void Link(SafeFileHandle file, string path)
    {
        ArgumentNullException.ThrowIfNull(file);
        bool held = false;
        try
        {
            file.DangerousAddRef(ref held);
            string source = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{file.DangerousGetHandle()}");
            if (RawLink(AT_FDCWD, source, AT_FDCWD, path, AT_SYMLINK_FOLLOW) != 0)
            {
                throw NativeException.Last($"link {path}");
            }
        }
        finally
        {
            if (held)
            {
                file.DangerousRelease();
            }
        }
    }

    /// <summary>Opens or creates a file of our own for writing; a symbolic link in its place is refused.</summary>
    /// <exception cref="NativeException">ELOOP for a link, EACCES for somebody else's file.</exception>
    public static SafeFd OpenOwn(string path, UnixFileMode mode)
    {
        int flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC;
        var file = new SafeFd(RawOpen(path, flags, (uint)mode));
        return file.IsInvalid ? throw NativeException.Last($"open {path}") : file;
    }

    /// <summary>Makes a file that is not there, for appending.</summary>
    /// <exception cref="NativeException">EEXIST, ENOSPC.</exception>
    public static SafeFd OpenForAppending(string path, UnixFileMode mode)
    {
        var file = new SafeFd(RawOpen(path, O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW | O_CLOEXEC, (uint)mode));
        return file.IsInvalid ? throw NativeException.Last($"make {path}") : file;
    }

    /// <summary>A file for reading without the flock(2) that .NET takes with each; null when there is none.</summary>
    /// <exception cref="NativeException">It cannot be opened.</exception>
    internal static SafeFileHandle? OpenToRead(string path)
    {
        var file = new SafeFileHandle(RawOpen(path, O_NOFOLLOW | O_CLOEXEC, 0), ownsHandle: true);
        if (!file.IsInvalid)
        {
            return file;
        }

        int errno = Marshal.GetLastPInvokeError();
        return errno == Errno.ENOENT ? null : throw new NativeException($"open {path}", errno);
    }

    /// <summary>The null device, for reading.</summary>
    /// <exception cref="NativeException">EMFILE mostly.</exception>
    internal static SafeFd OpenNull()
    {
        var file = new SafeFd(RawOpen("/dev/null", O_CLOEXEC, 0));
        return file.IsInvalid ? throw NativeException.Last("open /dev/null") : file;
    }

    /// <summary>Takes a shared flock(2), which is let go with the handle.</summary>
    /// <returns>Whether nobody has it to himself.</returns>
    public static bool TryShareLock(SafeFileHandle file)
    {
        while (RawFlockFile(file, LOCK_SH | LOCK_NB) != 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            if (errno != Errno.EINTR)
            {
                return errno == Errno.EAGAIN ? false : throw new NativeException("flock", errno);
            }
        }

        return true;
    }

    /// <summary>Drops what stands in a file.</summary>
    /// <exception cref="NativeException">ftruncate failed.</exception>
    public static void Truncate(SafeFd file)
    {
        if (RawTruncate(file, 0) != 0)
        {
            throw NativeException.Last("ftruncate");
        }
    }

    /// <summary>Writes all of some bytes to a file at an offset.</summary>
    /// <exception cref="NativeException">ENOSPC mostly.</exception>
    public static void WriteAt(SafeFd file, ReadOnlySpan<byte> bytes, long offset)
    {
        while (!bytes.IsEmpty)
        {
            nint n = RawWriteAt(file, bytes, (nuint)bytes.Length, offset);
            if (n >= 0)
            {
                bytes = bytes[(int)n..];
                offset += n;
            }
            else if (Marshal.GetLastPInvokeError() != Errno.EINTR)
            {
                throw NativeException.Last("write");
            }
        }
    }

    /// <summary>All of a file from its beginning, wherever its offset is.</summary>
    /// <exception cref="NativeException">It cannot be read.</exception>
    public static byte[] ReadAll(SafeFd file)
    {
        using var all = new MemoryStream();
        Span<byte> buffer = stackalloc byte[4096];
        while (true)
        {
            nint n = RawReadAt(file, buffer, (nuint)buffer.Length, all.Length);
            if (n == 0)
            {
                return all.ToArray();
            }

            if (n > 0)
            {
                all.Write(buffer[..(int)n]);
            }
            else if (Marshal.GetLastPInvokeError() != Errno.EINTR)
            {
                throw NativeException.Last("read");
            }
        }
    }

    /// <summary>Takes an exclusive flock(2), which is let go with the descriptor.</summary>
    /// <returns>Whether it was free.</returns>
    public static bool TryLock(SafeFd file)
    {
        while (RawFlock(file, LOCK_EX | LOCK_NB) != 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            if (errno != Errno.EINTR)
            {
                return errno == Errno.EAGAIN ? false : throw new NativeException("flock", errno);
            }
        }

        return true;
    }

    /// <summary>The absolute path of a directory that may be entered, free of symbolic links and dots.</summary>
    /// <param name="path">As bytes, relative to the present directory unless it begins with a slash.</param>
    /// <returns>0, or the number of the error for which it cannot be entered: ENOENT, ENOTDIR, EACCES, ENAMETOOLONG, ELOOP.</returns>
    public static int TryResolveDirectory(ReadOnlySpan<byte> path, out byte[]? resolved)
    {
        const int Longest = 4096;
        resolved = null;

        // To look up the dot is to search the directory, which opening it by path alone is not.
        using var directory = new SafeFd(RawOpenBytes((byte[])[.. path, (byte)'/', (byte)'.', 0], O_PATH | O_DIRECTORY | O_CLOEXEC, 0));
        if (directory.IsInvalid)
        {
            return Marshal.GetLastPInvokeError();
        }

        Span<byte> target = stackalloc byte[Longest];
        nint length = RawReadLink(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{directory.Number}"), target, Longest);
        if (length < 0)
        {
            return Marshal.GetLastPInvokeError();
        }

        resolved = target[..(int)length].ToArray();
        return 0;
    }

    /// <summary>Which inode a path names, symbolic links not followed; null when nothing is there.</summary>
    /// <exception cref="NativeException">It cannot be looked at.</exception>
    public static unsafe FileIdentity? Identify(string path)
    {
        byte* buffer = stackalloc byte[256];
        if (RawStatx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, buffer) == 0)
        {
            return FileIdentity.FromStatx(buffer);
        }

        int errno = Marshal.GetLastPInvokeError();
        return errno == Errno.ENOENT ? null : throw new NativeException($"look at {path}", errno);
    }

    /// <summary>Which inode is open.</summary>
    public static unsafe FileIdentity Identify(SafeFd file)
    {
        byte* buffer = stackalloc byte[256];
        return RawStatx(file.Number, string.Empty, AT_EMPTY_PATH, STATX_BASIC_STATS, buffer) == 0
            ? FileIdentity.FromStatx(buffer)
            : throw NativeException.Last("statx");
    }

    /// <summary>
    /// Removes a path's entry if it is still the given inode. One that cannot be removed stays: whoever ends has better things
    /// to do than to fail over it.
    /// </summary>
    /// <returns>Whether it was removed.</returns>
    public static bool RemoveIfSame(string path, FileIdentity identity)
    {
        try
        {
            if (!identity.SameFile(Identify(path)))
            {
                return false;
            }

            File.Delete(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Gives a path to a group.</summary>
    /// <exception cref="NativeException">EPERM for a group that the caller is not in.</exception>
    public static void ChangeGroup(string path, uint groupId)
    {
        if (RawChown(path, uint.MaxValue, groupId) != 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            throw new NativeException($"chown {path} to group {groupId}", errno);
        }
    }

    /// <summary>The effective user id of this process.</summary>
    public static uint EffectiveUserId() => RawGetEuid();

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint RawGetEuid();

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RawOpen(string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    private static partial int RawOpenBytes(ReadOnlySpan<byte> path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "readlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint RawReadLink(string path, Span<byte> target, nuint size);

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RawMemory(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "linkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RawLink(int fromDirectory, string from, int toDirectory, string to, int flags);

    [LibraryImport("libc", EntryPoint = "ftruncate64", SetLastError = true)]
    private static partial int RawTruncate(SafeFd fd, long length);

    [LibraryImport("libc", EntryPoint = "pwrite64", SetLastError = true)]
    private static partial nint RawWriteAt(SafeFd fd, ReadOnlySpan<byte> bytes, nuint count, long offset);

    [LibraryImport("libc", EntryPoint = "pread64", SetLastError = true)]
    private static partial nint RawReadAt(SafeFd fd, Span<byte> buffer, nuint count, long offset);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int RawFlock(SafeFd fd, int operation);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int RawFlockFile(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int RawStatx(int directory, string path, int flags, uint mask, byte* buffer);

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RawChown(string path, uint owner, uint group);
}
