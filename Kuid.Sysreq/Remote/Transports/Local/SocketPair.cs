using System.Runtime.InteropServices;

namespace Kuid.Sysreq.Remote;

/// <summary>socketpair(2), which .NET has not: two ends of a connection inside this process.</summary>
internal static partial class SocketPair
{
    private const int AddressFamilyUnix = 1;
    private const int StreamCloseOnExec = 1 | 0x80000;

    /// <summary>Makes one; no child inherits it.</summary>
    /// <exception cref="IOException">There are no more descriptors.</exception>
    public static (int Client, int Server) Create()
    {
        var ends = new int[2];
        return Make(AddressFamilyUnix, StreamCloseOnExec, 0, ends) == 0
            ? (ends[0], ends[1])
            : throw new IOException($"local: a pair of sockets cannot be made: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "socketpair", SetLastError = true)]
    private static partial int Make(int domain, int type, int protocol, [Out] int[] ends);
}
