using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Kuid.Jobd.Core.Native;

/// <summary>The socket calls of the raw doors. Every socket is non-blocking and close-on-exec from its first moment.</summary>
public static partial class LibcSocket
{
    private const int SOCK_STREAM = 1;
    private const int SOCK_NONBLOCK_CLOEXEC = 0x800 | 0x80000;
    private const int SOL_SOCKET = 1;
    private const int SO_REUSEADDR = 2;
    private const int SO_PEERCRED = 17;
    private const int SO_ACCEPTCONN = 30;
    private const int MSG_PEEK = 2;
    private const int SHUT_WR = 1;
    private const int SHUT_RDWR = 2;

    /// <summary>A stream socket bound to an address and not yet listening: a connection is refused until <see cref="Listen"/>.</summary>
    /// <exception cref="NativeException">EADDRINUSE, EACCES and what else bind(2) says.</exception>
    public static SafeFd Bind(EndPoint address)
    {
        ArgumentNullException.ThrowIfNull(address);
        SafeFd socket = Create(address.AddressFamily);
        try
        {
            int yes = 1;
            if (address.AddressFamily != AddressFamily.Unix
                && RawSetOption(socket, SOL_SOCKET, SO_REUSEADDR, ref yes, sizeof(int)) != 0)
            {
                throw NativeException.Last("setsockopt SO_REUSEADDR");
            }

            SocketAddress name = address.Serialize();
            if (RawBind(socket, name.Buffer.Span, (uint)name.Size) == 0)
            {
                return socket;
            }

            int errno = Marshal.GetLastPInvokeError();
            throw new NativeException($"bind {address}", errno);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Begins to take connections; so many may wait to be accepted, or as many as the system allows.</summary>
    /// <exception cref="NativeException">EADDRINUSE when two bound the same port.</exception>
    public static void Listen(SafeFd socket, int backlog)
    {
        if (RawListen(socket, backlog) != 0)
        {
            throw NativeException.Last("listen");
        }
    }

    /// <summary>Whether somebody accepts connections at an address at this moment.</summary>
    /// <exception cref="NativeException">It cannot be told: EACCES for one.</exception>
    public static bool Answers(EndPoint address)
    {
        ArgumentNullException.ThrowIfNull(address);
        using SafeFd socket = Create(address.AddressFamily);
        SocketAddress name = address.Serialize();
        if (RawConnect(socket, name.Buffer.Span, (uint)name.Size) == 0)
        {
            return true;
        }

        // A full backlog (EAGAIN) is somebody's too.
        int errno = Marshal.GetLastPInvokeError();
        return errno switch
        {
            Errno.ECONNREFUSED or Errno.ENOENT => false,
            Errno.EAGAIN => true,
            _ => throw new NativeException($"connect to {address}", errno),
        };
    }

    /// <summary>Whether a descriptor is a socket that listens.</summary>
    public static bool Listens(SafeFd socket)
    {
        Span<uint> answer = stackalloc uint[1];
        uint size = sizeof(uint);
        return RawGetOption(socket, SOL_SOCKET, SO_ACCEPTCONN, answer, ref size) == 0 && answer[0] != 0;
    }

    /// <summary>Takes the next connection.</summary>
    /// <returns>The connection, or null when none waits.</returns>
    /// <exception cref="NativeException">EMFILE and ENFILE mostly.</exception>
    public static SafeFd? Accept(SafeFd listener)
    {
        while (true)
        {
            var connection = new SafeFd(RawAccept(listener, 0, 0, SOCK_NONBLOCK_CLOEXEC));
            if (!connection.IsInvalid)
            {
                return connection;
            }

            int errno = Marshal.GetLastPInvokeError();
            switch (errno)
            {
                case Errno.EINTR or Errno.ECONNABORTED:
                    continue;
                case Errno.EAGAIN:
                    return null;
                default:
                    throw new NativeException("accept", errno);
            }
        }
    }

    /// <summary>Reads what is there and leaves it there: bytes, 0 at the end, or <see cref="LibcIo.WouldBlock"/>.</summary>
    /// <exception cref="NativeException">ECONNRESET mostly.</exception>
    public static int Peek(SafeFd socket, Span<byte> buffer)
    {
        while (true)
        {
            nint n = RawReceive(socket, buffer, (nuint)buffer.Length, MSG_PEEK);
            if (n >= 0)
            {
                return (int)n;
            }

            int errno = Marshal.GetLastPInvokeError();
            switch (errno)
            {
                case Errno.EINTR:
                    continue;
                case Errno.EAGAIN:
                    return LibcIo.WouldBlock;
                default:
                    throw new NativeException("recv", errno);
            }
        }
    }

    /// <summary>Sends no more; what was sent still arrives, and the peer reads the end of it.</summary>
    public static void ShutdownWrite(SafeFd socket) => _ = RawShutdown(socket, SHUT_WR);

    /// <summary>
    /// Sends no more and takes no more. What has arrived can still be read, or accepted from a Unix socket that listens; whoever
    /// comes later is told at once, with EPIPE or ECONNREFUSED.
    /// </summary>
    public static void Shutdown(SafeFd socket) => _ = RawShutdown(socket, SHUT_RDWR);

    /// <summary>The process at the other end of a Unix socket as it was at connect(2): pid, user id, group id.</summary>
    /// <exception cref="NativeException">It is no Unix socket.</exception>
    public static (int Pid, uint Uid, uint Gid) PeerCredentials(SafeFd socket)
    {
        Span<uint> credentials = stackalloc uint[3];
        uint size = 12;
        if (RawGetOption(socket, SOL_SOCKET, SO_PEERCRED, credentials, ref size) != 0)
        {
            throw NativeException.Last("getsockopt SO_PEERCRED");
        }

        return ((int)credentials[0], credentials[1], credentials[2]);
    }

    private static SafeFd Create(AddressFamily family)
    {
        // .NET numbers the families as Windows does; IPv6 differs on Linux.
        int number = family switch { AddressFamily.Unix => 1, AddressFamily.InterNetwork => 2, _ => 10 };
        var socket = new SafeFd(RawSocket(number, SOCK_STREAM | SOCK_NONBLOCK_CLOEXEC, 0));
        return socket.IsInvalid ? throw NativeException.Last("socket") : socket;
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int RawSocket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static partial int RawBind(SafeFd socket, ReadOnlySpan<byte> name, uint size);

    [LibraryImport("libc", EntryPoint = "listen", SetLastError = true)]
    private static partial int RawListen(SafeFd socket, int backlog);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    private static partial int RawConnect(SafeFd socket, ReadOnlySpan<byte> name, uint size);

    [LibraryImport("libc", EntryPoint = "accept4", SetLastError = true)]
    private static partial int RawAccept(SafeFd socket, nint name, nint size, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static partial nint RawReceive(SafeFd socket, Span<byte> buffer, nuint size, int flags);

    [LibraryImport("libc", EntryPoint = "shutdown", SetLastError = true)]
    private static partial int RawShutdown(SafeFd socket, int how);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int RawSetOption(SafeFd socket, int level, int name, ref int value, uint size);

    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    private static partial int RawGetOption(SafeFd socket, int level, int name, Span<uint> value, ref uint size);
}
