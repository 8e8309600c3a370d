using System.Net.Sockets;
using System.Text;

namespace Kuid.Bench.Daemons;

/// <summary>The socket of a supervisor, which a daemon tells that it is ready (sd_notify(3)).</summary>
internal sealed class ReadinessSocket : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    internal ReadinessSocket(string path)
    {
        _socket.Bind(new UnixDomainSocketEndPoint(path));
        Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["NOTIFY_SOCKET"] = path };
    }

    /// <summary>What the daemon has to be told.</summary>
    internal IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>Waits until it says <c>READY=1</c>.</summary>
    internal async Task WaitAsync(CancellationToken cancellation)
    {
        byte[] message = new byte[4096];
        int length;
        do
        {
            length = await _socket.ReceiveAsync(message, cancellation);
        }
        while (!Encoding.UTF8.GetString(message, 0, length).Split('\n').Contains("READY=1", StringComparer.Ordinal));
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
