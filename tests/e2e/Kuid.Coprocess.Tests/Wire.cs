using System.Text;
using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Fanos;
using Kuid.Jobd.Core.Native;

namespace Kuid.Coprocess.Tests;

/// <summary>A client that sends exactly the bytes and descriptors it is told to, in the pieces it is told to.</summary>
internal sealed class Wire : IDisposable
{
    private const int LongestReply = 1 << 24;

    private readonly Reactor _reactor = new();
    private readonly Descriptor _socket;
    private readonly FanosReader _reader;

    internal Wire(string path)
    {
        _socket = new Descriptor(_reactor, LibcSocket.ConnectUnix(path), EpollEvents.In | EpollEvents.Out);
        _reader = new FanosReader(_socket, LongestReply);
    }

    /// <summary>A request as a netstring.</summary>
    internal static byte[] Netstring(string payload) =>
        [.. Encoding.ASCII.GetBytes(FormattableString.Invariant($"{Encoding.UTF8.GetByteCount(payload)}:")), .. Encoding.UTF8.GetBytes(payload), (byte)','];

    /// <summary>Sends bytes in one piece, descriptors with the first of them.</summary>
    internal async Task Send(ReadOnlyMemory<byte> bytes, params IReadOnlyList<SafeFd> descriptors)
    {
        while (!bytes.IsEmpty)
        {
            int n = LibcSocket.SendMessage(_socket.Fd, bytes.Span, descriptors);
            if (n == LibcIo.WouldBlock)
            {
                await _socket.WritableAsync(TestContext.Current.CancellationToken);
                continue;
            }

            bytes = bytes[n..];
            descriptors = [];
        }
    }

    /// <summary>Sends bytes one by one, the descriptors with the one at a place.</summary>
    internal async Task SendBytewise(ReadOnlyMemory<byte> bytes, IReadOnlyList<SafeFd> descriptors, int place)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            await Send(bytes.Slice(i, 1), i == place ? descriptors : []);
        }
    }

    /// <summary>The next reply; null when the daemon has closed.</summary>
    internal async Task<string?> Reply()
    {
        try
        {
            using FanosMessage? message = await _reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromMinutes(1));
            return message is null ? null : Encoding.UTF8.GetString(message.Payload.Span);
        }
        catch (NativeException e) when (e.Errno == Errno.ECONNRESET)
        {
            return null;
        }
    }

    /// <summary>Sends a request in one piece and waits for its reply.</summary>
    internal async Task<string?> Ask(string payload, params IReadOnlyList<SafeFd> descriptors)
    {
        await Send(Netstring(payload), descriptors);
        return await Reply();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _socket.Dispose();
        _reactor.Dispose();
    }
}
