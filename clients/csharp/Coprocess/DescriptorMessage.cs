using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Kuid.Client.Coprocess;

/// <summary>sendmsg(2) with SCM_RIGHTS (unix(7), cmsg(3)), which .NET does not offer: bytes that descriptors travel with.</summary>
internal static partial class DescriptorMessage
{
    private const int SOL_SOCKET = 1;
    private const int SCM_RIGHTS = 1;
    private const int MSG_NOSIGNAL = 0x4000;
    private const int EINTR = 4;
    private const int EAGAIN = 11;
    private const int EPIPE = 32;
    private const int ECONNRESET = 104;
    private const int ControlHeader = 16;

    /// <summary>Sends what fits, at least a byte, and the descriptors with it.</summary>
    /// <returns>How many bytes were sent.</returns>
    /// <exception cref="SocketException">The connection is broken.</exception>
    internal static unsafe int Send(Socket socket, ReadOnlySpan<byte> bytes, ReadOnlySpan<SafeHandle> descriptors)
    {
        // struct cmsghdr on 64-bit Linux: its length, then level and type; what follows is padded to eight bytes.
        int length = ControlHeader + (descriptors.Length * sizeof(int));
        Span<byte> control = stackalloc byte[(length + 7) & ~7];
        control.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(control, (ulong)length);
        BinaryPrimitives.WriteInt32LittleEndian(control[8..], SOL_SOCKET);
        BinaryPrimitives.WriteInt32LittleEndian(control[12..], SCM_RIGHTS);
        int held = 0;
        try
        {
            foreach (SafeHandle descriptor in descriptors)
            {
                bool added = false;
                descriptor.DangerousAddRef(ref added);
                BinaryPrimitives.WriteInt32LittleEndian(control[(ControlHeader + (held * sizeof(int)))..], (int)descriptor.DangerousGetHandle());
                held++;
            }

            return Send(socket, bytes, control);
        }
        finally
        {
            for (int i = 0; i < held; i++)
            {
                descriptors[i].DangerousRelease();
            }
        }
    }

    private static unsafe int Send(Socket socket, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> control)
    {
        fixed (byte* first = bytes)
        fixed (byte* rights = control)
        {
            var part = new IoVector { Base = first, Length = (nuint)bytes.Length };
            var message = new MessageHeader { Parts = &part, PartCount = 1, Control = rights, ControlLength = (nuint)control.Length };
            nint n;
            while ((n = SendMessage(socket.SafeHandle, ref message, MSG_NOSIGNAL)) < 0)
            {
                switch (Marshal.GetLastPInvokeError())
                {
                    case EINTR:
                        continue;
                    case EAGAIN:
                        socket.Poll(Timeout.InfiniteTimeSpan, SelectMode.SelectWrite);
                        continue;
                    case EPIPE or ECONNRESET:
                        throw new SocketException((int)SocketError.ConnectionReset);
                    case var errno:
                        throw new SocketException((int)SocketError.SocketError, $"sendmsg: {Marshal.GetPInvokeErrorMessage(errno)}");
                }
            }

            return (int)n;
        }
    }

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    private static partial nint SendMessage(SafeSocketHandle socket, ref MessageHeader message, int flags);

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
