using System.Runtime.InteropServices;

namespace Kuid.Jobd.Core.Native;

/// <summary>
/// The kernel's random bytes, getrandom(2). RandomNumberGenerator has them from OpenSSL, five megabytes that stay in a daemon which
/// made its token at its first start and needs no cryptography again.
/// </summary>
public static partial class LibcRandom
{
    // So many come whole, whatever interrupts the call.
    private const int MostBytes = 256;

    /// <summary>Bytes that nobody can guess.</summary>
    /// <param name="count">At most 256.</param>
    /// <exception cref="NativeException">The kernel has none.</exception>
    public static byte[] Bytes(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MostBytes);
        byte[] bytes = new byte[count];
        return RawGetRandom(bytes, (nuint)count, 0) == count ? bytes : throw NativeException.Last("getrandom");
    }

    [LibraryImport("libc", EntryPoint = "getrandom", SetLastError = true)]
    private static partial nint RawGetRandom([Out] byte[] bytes, nuint count, uint flags);
}
