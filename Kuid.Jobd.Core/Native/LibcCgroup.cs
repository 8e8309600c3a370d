using System.Runtime.InteropServices;

namespace Kuid.Jobd.Core.Native;

/// <summary>The calls about directories of cgroup v2, by path mostly: mkdir(2), rmdir(2), open(2), extended attributes.</summary>
internal static partial class LibcCgroup
{
    private const int O_RDONLY = 0;
    private const int O_WRONLY = 1;
    private const int O_CLOEXEC = 0x80000;
    private const int O_PATH = 0x200000;

    /// <summary>Makes a directory, mode 0755.</summary>
    /// <returns>0 or an errno.</returns>
    internal static int Make(string path) => RawMake(path, 0x1ed) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Removes a cgroup in which no process is.</summary>
    /// <returns>0 or an errno: EBUSY while one is, or another cgroup.</returns>
    internal static int Remove(string path) => RawRemove(path) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>A descriptor that stands for the cgroup, and can do nothing else.</summary>
    /// <exception cref="NativeException">EMFILE mostly.</exception>
    internal static SafeFd Open(string path) => Open(path, O_PATH);

    /// <summary>Reads a file of a cgroup, all of it.</summary>
    /// <exception cref="NativeException">ENOENT or ENODEV when the cgroup is gone.</exception>
    internal static byte[] Read(string path)
    {
        using SafeFd file = Open(path, O_RDONLY);
        return LibcFiles.ReadAll(file);
    }

    /// <summary>Reads the start of a file of an open cgroup; what has room for all of it gets all of it (fs/seq_file.c).</summary>
    /// <returns>The number of bytes.</returns>
    /// <exception cref="NativeException">ENOENT or ENODEV when the cgroup is gone, EMFILE.</exception>
    internal static int Read(SafeFd cgroup, string name, Span<byte> buffer)
    {
        using var file = new SafeFd(RawOpenAt(cgroup, name, O_RDONLY | O_CLOEXEC));
        return file.IsInvalid ? throw NativeException.Last($"open {name}") : LibcIo.Read(file, buffer);
    }

    /// <summary>Writes to a file of a cgroup, which takes it as one command.</summary>
    /// <exception cref="NativeException">What the kernel answers the command with.</exception>
    internal static void Write(string path, ReadOnlySpan<byte> command)
    {
        using SafeFd file = Open(path, O_WRONLY);
        _ = LibcIo.Write(file, command);
    }

    /// <summary>Whether it has an extended attribute.</summary>
    internal static bool HasMark(string path, string name) => RawGetMark(path, name, 0, 0) >= 0;

    /// <summary>Gives it an extended attribute without a value, which stays with the cgroup and outlives this process.</summary>
    /// <returns>0 or an errno.</returns>
    internal static int Mark(string path, string name) => RawMark(path, name, 0, 0, 0) == 0 ? 0 : Marshal.GetLastPInvokeError();

    private static SafeFd Open(string path, int flags)
    {
        var file = new SafeFd(RawOpen(path, flags | O_CLOEXEC));
        return file.IsInvalid ? throw NativeException.Last($"open {path}") : file;
    }

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RawMake(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "rmdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RawRemove(string path);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RawOpen(string path, int flags);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RawOpenAt(SafeFd directory, string name, int flags);

    [LibraryImport("libc", EntryPoint = "getxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint RawGetMark(string path, string name, nint value, nuint size);

    [LibraryImport("libc", EntryPoint = "setxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RawMark(string path, string name, nint value, nuint size, int flags);
}
