using System.Net.Sockets;

namespace Kuid.Faults.Tests.Load;

/// <summary>HTTP over a Unix socket, without the check of each answer against the contract, which costs more than the answer does.</summary>
internal static class UnixHttp
{
    /// <summary>A client of the socket at a path.</summary>
    internal static HttpClient ClientOf(string path) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellation) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            }
            catch
            {
                socket.Dispose();
                throw;
            }

            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        BaseAddress = new Uri("http://localhost"),
        Timeout = TimeSpan.FromSeconds(90),
    };
}
