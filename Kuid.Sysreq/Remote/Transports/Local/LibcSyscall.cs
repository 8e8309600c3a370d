using System.Runtime.InteropServices;

namespace Kuid.Sysreq.Remote;

/// <summary>syscall(2) of the C library.</summary>
internal static partial class LibcSyscall
{
    /// <summary>Makes a system call on the calling thread.</summary>
    /// <returns>What the kernel gave: -4095..-1 is a negated errno.</returns>
    public static long Call(long number, long a1 = 0, long a2 = 0, long a3 = 0, long a4 = 0, long a5 = 0, long a6 = 0)
    {
        var result = Raw((nint)number, (nint)a1, (nint)a2, (nint)a3, (nint)a4, (nint)a5, (nint)a6);
        return result == -1 ? -Marshal.GetLastPInvokeError() : result;
    }

    // Variadic in C; on x86-64 and aarch64 Linux integers are passed to such a function as to any other.
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Raw(nint number, nint a1, nint a2, nint a3, nint a4, nint a5, nint a6);
}
