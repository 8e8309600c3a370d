using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Kuid.Sysreqd.Tests;

// The protocol as bytes: what is sent is what the test says, and nothing is read that it does not ask for.
internal sealed class Connection : IDisposable
{
    internal const int IdentSize = 16;
    internal const int RequestSize = 56;
    internal const int ReplySize = 8;

    private const int Patience = 60_000;

    private readonly Socket _socket;
    private readonly Abi _abi;

    internal Connection(EndPoint endPoint, Abi abi)
    {
        _abi = abi;
        ProtocolType protocol = endPoint is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified;
        _socket = new Socket(endPoint.AddressFamily, SocketType.Stream, protocol)
        {
            ReceiveTimeout = Patience,
            SendTimeout = Patience,
        };
        try
        {
            _socket.Connect(endPoint);
            Ident = Receive(IdentSize);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
    }

    internal byte[] Ident { get; }

    internal static byte[] Request(long number, params long[] arguments)
    {
        byte[] request = new byte[RequestSize];
        BinaryPrimitives.WriteInt64LittleEndian(request, number);
        for (int i = 0; i < arguments.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(request.AsSpan(8 * (i + 1)), arguments[i]);
        }

        return request;
    }

    internal void Send(params byte[] bytes)
    {
        for (int sent = 0; sent < bytes.Length;)
        {
            sent += _socket.Send(bytes.AsSpan(sent));
        }
    }

    internal byte[] Receive(int count)
    {
        byte[] bytes = new byte[count];
        for (int at = 0; at < count;)
        {
            int got = _socket.Receive(bytes.AsSpan(at));
            at += got > 0 ? got : throw new EndOfStreamException($"the connection ended after {at} of {count} bytes");
        }

        return bytes;
    }

    // What is there, at least a byte; nothing at the end.
    internal byte[] ReceiveAny()
    {
        byte[] bytes = new byte[4096];
        return bytes[.._socket.Receive(bytes)];
    }

    internal long ReceiveReply() => BinaryPrimitives.ReadInt64LittleEndian(Receive(ReplySize));

    internal long Call(long number, params long[] arguments)
    {
        Send(Request(number, arguments));
        return ReceiveReply();
    }

    internal long Upload(long address, byte[] bytes)
    {
        Send([.. Request(_abi.Read, 3, address, bytes.Length), .. bytes]);
        return ReceiveReply();
    }

    internal (byte[] Bytes, long Reply) Download(long address, int count)
    {
        Send(Request(_abi.Write, 3, address, count));
        return (Receive(count), ReceiveReply());
    }

    // Anonymous memory of the serving process that can be read and written, in pages of 4096 bytes.
    internal long Allocate(int pages)
    {
        long address = Call(_abi.Mmap, 0, pages * 4096L, 3, 34, -1, 0);
        address.Should().BePositive();
        return address;
    }

    internal long UploadPath(long address, string path)
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes(path), 0];
        Upload(address, bytes).Should().Be(bytes.Length);
        return address;
    }

    internal int ServingPid() => checked((int)Call(_abi.Getpid));

    internal void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    // Whether nothing follows but the end, which may be a reset where the other side had something unread.
    internal bool IsAtEnd()
    {
        try
        {
            return _socket.Receive(new byte[1]) == 0;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            return true;
        }
    }

    public void Dispose() => _socket.Dispose();
}
