using System.Runtime.InteropServices;

namespace Kuid.Jobd.Core.Native;

/// <summary>What .NET does not offer for folders and their entries: fsync(2) of a folder, and giving a path to another user.</summary>
public static partial class LibcFolders
{
    private const int O_RDONLY = 0;
    private const int O_CLOEXEC = 0x80000;

    /// <summary>Waits until the entries of a folder are on disk: a rename is not before that.</summary>
    /// <exception cref="NativeException">EIO mostly.</exception>
    public static void Sync(string path)
    {
        using var folder = new SafeFd(RawOpen(path, O_RDONLY | O_CLOEXEC, 0));
        if (folder.IsInvalid)
        {
            throw NativeException.Last($"open {path}");
        }

        while (RawSync(folder) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Errno.EINTR)
            {
                throw NativeException.Last($"fsync {path}");
            }
        }
    }

    /// <summary>Gives a path to a user; its group stays.</summary>
    /// <exception cref="NativeException">EPERM for whoever is not root.</exception>
    public static void ChangeOwner(string path, uint userId)
    {
        if (RawChown(path, userId, uint.MaxValue) != 0)
        {
            throw NativeException.Last($"chown {path}");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RawOpen(string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int RawSync(SafeFd fd);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RawChown(string path, uint owner, uint group);
}
