using System.Net.Sockets;

namespace Kuid.Sysreq.Remote;

/// <summary>A server behind a Unix socket.</summary>
public sealed class UnixTransport(string path) : ITransport
{
    /// <inheritdoc/>
    public async ValueTask<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException error)
        {
            socket.Dispose();

            // The framework has no word for ENOENT among the errors of sockets, and says another one's.
            string reason = error.SocketErrorCode == SocketError.AddressNotAvailable ? "there is no such socket" : error.Message;
            throw new IOException($"unix:{path}: {reason}", error);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"unix:{path}";
}

/// <summary>A server behind a TCP port. The wire has no encryption: only for the loopback and for networks that are trusted entirely.</summary>
public sealed class TcpTransport(string host, int port) : ITransport
{
    /// <inheritdoc/>
    public async ValueTask<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host.Trim('[', ']'), port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException error)
        {
            socket.Dispose();
            throw new IOException($"{this}: {error.Message}", error);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"tcp:{host}:{port}";
}
