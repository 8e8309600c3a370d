using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Kuid.Client.Coprocess;

/// <summary>A connection to a coprocess socket that sends one request at a time and takes its reply: netstrings, and descriptors beside them.</summary>
internal sealed class CoprocessConnection : IDisposable
{
    private const int LongestLength = 10;

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <inheritdoc/>
    public void Dispose()
    {
        _socket.Dispose();
        _turn.Dispose();
    }

    internal ValueTask ConnectAsync(string path, CancellationToken cancellation) =>
        _socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);

    /// <summary>Sends a request and waits for what it is answered with.</summary>
    /// <exception cref="EndOfStreamException">The session is over.</exception>
    /// <exception cref="CoprocessRefusedException">The daemon refused it.</exception>
    internal async Task<string> AskAsync(ReadOnlyMemory<byte> payload, CoprocessStdio? stdio, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await SendAsync(payload, stdio).ConfigureAwait(false);
            string reply = Encoding.UTF8.GetString(await ReceiveAsync(cancellation).ConfigureAwait(false));
            return reply.StartsWith("ERROR ", StringComparison.Ordinal) ? throw new CoprocessRefusedException(reply["ERROR ".Length..]) : reply;
        }
        catch (OperationCanceledException)
        {
            // The reply would be taken for that of the next request.
            _socket.Dispose();
            throw;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
        {
            throw new EndOfStreamException("the session is over", e);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> payload, CoprocessStdio? stdio)
    {
        await SendAllAsync(Encoding.ASCII.GetBytes(payload.Length.ToString(CultureInfo.InvariantCulture) + ":")).ConfigureAwait(false);
        ReadOnlyMemory<byte> rest = (byte[])[.. payload.Span, (byte)','];
        if (stdio is not null)
        {
            // Not with the length: other servers read that without room for descriptors, and lose them.
            SafeHandle[] descriptors = [stdio.Stdin, stdio.Stdout, stdio.Stderr];
            rest = rest[DescriptorMessage.Send(_socket, rest.Span, descriptors)..];
        }

        await SendAllAsync(rest).ConfigureAwait(false);
    }

    // A request that was begun is sent whole: a half would make the next one its end.
    private async Task SendAllAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await _socket.SendAsync(bytes, CancellationToken.None).ConfigureAwait(false)..];
        }
    }

    private async Task<byte[]> ReceiveAsync(CancellationToken cancellation)
    {
        var digits = new StringBuilder();
        byte[] one = new byte[1];
        while (true)
        {
            await ReceiveAllAsync(one, cancellation).ConfigureAwait(false);
            if (one[0] == ':')
            {
                break;
            }

            digits.Append(char.IsAsciiDigit((char)one[0]) && digits.Length < LongestLength ? (char)one[0] : throw NoNetstring());
        }

        if (!int.TryParse(digits.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out int length))
        {
            throw NoNetstring();
        }

        byte[] reply = new byte[length + 1];
        await ReceiveAllAsync(reply, cancellation).ConfigureAwait(false);
        return reply[^1] == ',' ? reply[..^1] : throw NoNetstring();
    }

    private async Task ReceiveAllAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        while (!buffer.IsEmpty)
        {
            int n = await _socket.ReceiveAsync(buffer, cancellation).ConfigureAwait(false);
            buffer = n > 0 ? buffer[n..] : throw new EndOfStreamException("the session is over");
        }
    }

    private static InvalidDataException NoNetstring() => new("a reply is no netstring: does a coprocess door listen there?");
}
