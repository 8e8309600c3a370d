using System.Runtime.InteropServices;

namespace Kuid.Jobd.Core.Native;

/// <summary>faccessat(2): what the effective user may do with a path, without doing it.</summary>
public static partial class LibcFiles
{
    private const int R_OK = 4;
    private const int W_OK = 2;
    private const int X_OK = 1;
    private const int AT_EACCESS = 0x200;

    /// <summary>Why a file cannot be written to, or entries cannot be made in a folder; null when they can.</summary>
    /// <returns>An error number's name: EACCES, EROFS for a file system that is read-only.</returns>
    public static string? CannotWrite(string path) => Refusal(path, Directory.Exists(path) ? W_OK | X_OK : R_OK | W_OK);

    /// <summary>Why a file cannot be executed; null when it can.</summary>
    /// <returns>An error number's name.</returns>
    public static string? CannotExecute(string path) => Refusal(path, X_OK);

    private static string? Refusal(string path, int mode) =>
        RawAccess(AT_FDCWD, path, mode, AT_EACCESS) == 0 ? null : Errno.Name(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "faccessat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RawAccess(int directory, string path, int mode, int flags);
}
