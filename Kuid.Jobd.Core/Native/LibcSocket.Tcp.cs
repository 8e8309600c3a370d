using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Kuid.Jobd.Core.Native;

/// <summary>What a TCP connection has carried, whichever process has written to it and read from it.</summary>
public static partial class LibcSocket
{
    private const int SOL_TCP = 6;
    private const int TCP_INFO = 11;
    private const uint SIOCINQ = 0x541B;
    private const uint SIOCOUTQ = 0x5411;

    // struct tcp_info (linux/tcp.h): the state in the first byte, these two 64 bits each; it only ever grows behind them.
    private const int AcknowledgedAt = 120;
    private const int ReceivedAt = 128;
    private const int InfoBytes = 136;
    private const byte CloseWait = 8;

    /// <summary>How many bytes have been read from a TCP socket, and how many written to it, since it was accepted.</summary>
    /// <returns>Null when it is no TCP socket.</returns>
    public static (long Read, long Written)? TcpBytes(SafeFd socket)
    {
        Span<byte> info = stackalloc byte[InfoBytes];
        uint size = InfoBytes;
        if (RawGetOption(socket, SOL_TCP, TCP_INFO, info, ref size) != 0 || size < InfoBytes
            || RawQueued(socket, SIOCINQ, out int unread) != 0 || RawQueued(socket, SIOCOUTQ, out int unacknowledged) != 0)
        {
            return null;
        }

        // The peer's FIN has a sequence number, which counts as a byte.
        long fin = info[0] == CloseWait ? 1 : 0;
        return (BinaryPrimitives.ReadInt64LittleEndian(info[ReceivedAt..]) - unread - fin,
            BinaryPrimitives.ReadInt64LittleEndian(info[AcknowledgedAt..]) + unacknowledged);
    }

    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    private static partial int RawGetOption(SafeFd socket, int level, int name, Span<byte> value, ref uint size);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int RawQueued(SafeFd socket, nuint request, out int bytes);
}
