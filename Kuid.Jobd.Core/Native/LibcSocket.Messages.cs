using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;

namespace Kuid.Jobd.Core.Native;

/// <summary>sendmsg(2) and recvmsg(2): bytes that carry descriptors (unix(7), cmsg(3)).</summary>
public static partial class LibcSocket
{
    /// <summary>How many descriptors one message carries at most (SCM_MAX_FD of Linux).</summary>
    public const int MaxDescriptors = 253;

    private const int SCM_RIGHTS = 1;
    private const int MSG_CTRUNC = 0x8;
    private const int MSG_NOSIGNAL = 0x4000;
    private const int MSG_CMSG_CLOEXEC = 0x40000000;

    // struct cmsghdr on 64-bit Linux: its length, then level and type; what follows is padded to eight bytes.
    private const int ControlHeader = 16;
    private const int ControlRoom = ControlHeader + (((MaxDescriptors * sizeof(int)) + 7) & ~7);

    /// <summary>Two sockets that are connected to each other, close-on-exec and non-blocking.</summary>
    /// <exception cref="NativeException">EMFILE or ENFILE mostly.</exception>
    public static unsafe (SafeFd One, SafeFd Other) Pair()
    {
        int* ends = stackalloc int[2];
        return RawSocketPair(1, SOCK_STREAM | SOCK_NONBLOCK_CLOEXEC, 0, ends) == 0
            ? (new SafeFd(ends[0]), new SafeFd(ends[1]))
            : throw NativeException.Last("socketpair");
    }

    /// <summary>A connection to a Unix socket. It never waits: there is a place in the backlog or there is none.</summary>
    /// <exception cref="NativeException">ENOENT and ECONNREFUSED when nobody listens, EAGAIN when its backlog is full, EACCES.</exception>
    public static SafeFd ConnectUnix(string path)
    {
        var address = new System.Net.Sockets.UnixDomainSocketEndPoint(path);
        SafeFd socket = Create(address.AddressFamily);
        SocketAddress name = address.Serialize();
        if (RawConnect(socket, name.Buffer.Span, (uint)name.Size) == 0)
        {
            return socket;
        }

        int errno = Marshal.GetLastPInvokeError();
        socket.Dispose();
        throw new NativeException($"connect to {path}", errno);
    }

    /// <summary>Sends what fits, and with its first byte the descriptors, of which the receiver gets copies.</summary>
    /// <param name="bytes">At least one, for descriptors need a byte to travel with.</param>
    /// <returns>The number of bytes sent, and then all descriptors were; or <see cref="LibcIo.WouldBlock"/>, and none was.</returns>
    /// <exception cref="NativeException">EPIPE when the receiver is gone.</exception>
    public static unsafe int SendMessage(SafeFd socket, ReadOnlySpan<byte> bytes, IReadOnlyList<SafeFd> descriptors)
    {
        ArgumentNullException.ThrowIfNull(descriptors);
        ArgumentOutOfRangeException.ThrowIfZero(bytes.Length, nameof(bytes));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(descriptors.Count, MaxDescriptors, nameof(descriptors));
        byte* control = stackalloc byte[ControlRoom];
        int length = ControlHeader + (descriptors.Count * sizeof(int));
        var header = new Span<byte>(control, ControlRoom);
        header.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)length);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], SOL_SOCKET);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], SCM_RIGHTS);
        for (int i = 0; i < descriptors.Count; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(header[(ControlHeader + (i * sizeof(int)))..], descriptors[i].Number);
        }

        fixed (byte* start = bytes)
        {
            var part = new IoVector { Base = start, Length = (nuint)bytes.Length };
            var message = new MessageHeader { Parts = &part, PartCount = 1 };
            if (descriptors.Count > 0)
            {
                message.Control = control;
                message.ControlLength = (nuint)((length + 7) & ~7);
            }

            nint n;
            while ((n = RawSendMessage(socket, ref message, MSG_NOSIGNAL)) < 0)
            {
                switch (Marshal.GetLastPInvokeError())
                {
                    case Errno.EINTR:
                        continue;
                    case Errno.EAGAIN:
                        return LibcIo.WouldBlock;
                    case var errno:
                        throw new NativeException("sendmsg", errno);
                }
            }

            GC.KeepAlive(descriptors);
            return (int)n;
        }
    }

    /// <summary>Reads what is there, and the descriptors that came with it.</summary>
    /// <param name="received">They are added here, close-on-exec, and are the caller's.</param>
    /// <param name="truncated">Whether some more were sent, which this process could not take; the kernel has dropped them.</param>
    /// <returns>The number of bytes, 0 at the end, or <see cref="LibcIo.WouldBlock"/>.</returns>
    /// <exception cref="NativeException">ECONNRESET mostly.</exception>
    public static unsafe int ReceiveMessage(SafeFd socket, Span<byte> buffer, ICollection<SafeFd> received, out bool truncated)
    {
        ArgumentNullException.ThrowIfNull(received);
        byte* control = stackalloc byte[ControlRoom];
        fixed (byte* start = buffer)
        {
            var part = new IoVector { Base = start, Length = (nuint)buffer.Length };
            MessageHeader message;
            nint n;
            do
            {
                // An interrupted call may have written into it.
                message = new MessageHeader { Parts = &part, PartCount = 1, Control = control, ControlLength = ControlRoom };
                n = RawReceiveMessage(socket, ref message, MSG_CMSG_CLOEXEC);
            }
            while (n < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);

            truncated = false;
            if (n < 0)
            {
                int errno = Marshal.GetLastPInvokeError();
                return errno == Errno.EAGAIN ? LibcIo.WouldBlock : throw new NativeException("recvmsg", errno);
            }

            TakeDescriptors(new ReadOnlySpan<byte>(control, (int)message.ControlLength), received);
            truncated = (message.Flags & MSG_CTRUNC) != 0;
            return (int)n;
        }
    }

    private static void TakeDescriptors(ReadOnlySpan<byte> control, ICollection<SafeFd> received)
    {
        while (control.Length >= ControlHeader)
        {
            int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(control);
            bool areDescriptors = BinaryPrimitives.ReadInt32LittleEndian(control[8..]) == SOL_SOCKET
                && BinaryPrimitives.ReadInt32LittleEndian(control[12..]) == SCM_RIGHTS;
            for (int at = ControlHeader; areDescriptors && at + sizeof(int) <= length; at += sizeof(int))
            {
                received.Add(new SafeFd(BinaryPrimitives.ReadInt32LittleEndian(control[at..])));
            }

            control = control[Math.Min((length + 7) & ~7, control.Length)..];
        }
    }

    [LibraryImport("libc", EntryPoint = "socketpair", SetLastError = true)]
    private static unsafe partial int RawSocketPair(int family, int type, int protocol, int* ends);

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    private static partial nint RawSendMessage(SafeFd socket, ref MessageHeader message, int flags);

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    private static partial nint RawReceiveMessage(SafeFd socket, ref MessageHeader message, int flags);

    // struct iovec and struct msghdr as they are on 64-bit Linux.
    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct IoVector
    {
        internal byte* Base;
        internal nuint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct MessageHeader
    {
        internal void* Name;
        internal uint NameLength;
        internal IoVector* Parts;
        internal nuint PartCount;
        internal void* Control;
        internal nuint ControlLength;
        internal int Flags;
    }
}
