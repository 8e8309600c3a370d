using System.Net.Sockets;

namespace Kuid.Sysreq.Remote;

/// <summary>
/// System calls of this very process, without any server: each connection has a thread of its own that speaks the wire at the other
/// end of a pair of sockets. <see cref="LocalServer"/> says what differs from a process of its own.
/// </summary>
/// <remarks>
/// There is no fork and no execve here (ENOSYS), so no remote programs. A connection that is closed inside a call that waits, such as
/// a read of a FIFO that nobody writes, leaves its thread to wait there; a server process would have been ended.
/// </remarks>
public sealed class LocalTransport : ITransport
{
    /// <inheritdoc/>
    /// <exception cref="IOException">The kernel refuses a thread its own descriptors (unshare), as some containers do.</exception>
    public async ValueTask<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        var (client, server) = SocketPair.Create();
        var socket = new Socket(new SafeSocketHandle(client, ownsHandle: true));
        try
        {
            await new LocalServer(server).StartAsync();
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => "local";
}
