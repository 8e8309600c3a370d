using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Kuid.Client;

/// <summary>Makes the <see cref="HttpClient"/> that reaches a daemon.</summary>
internal static class KuidConnection
{
    // An answer is held for at most 60 seconds. What streams after its headers may be silent for longer.
    private static readonly TimeSpan ForHeaders = TimeSpan.FromSeconds(90);

    /// <summary>The Unix socket of the HTTP door.</summary>
    internal static HttpClient ToSocket(string path, TimeSpan patience) => With(
        new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation).ConfigureAwait(false);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        },
        new Uri("http://localhost/"),
        patience);

    /// <summary>The port, such as <c>http://127.0.0.1:8080</c>, with the content of the token file.</summary>
    internal static HttpClient ToPort(Uri address, string token, TimeSpan patience)
    {
        HttpClient client = With(new SocketsHttpHandler { UseProxy = false }, address, patience);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Trim());
        return client;
    }

    private static HttpClient With(SocketsHttpHandler handler, Uri address, TimeSpan patience) =>
        new(new PatienceHandler(patience) { InnerHandler = handler }) { BaseAddress = address, Timeout = ForHeaders };
}
