using System.Net.Sockets;
using System.Text.Json;

namespace Kuid.Sockproc.Tests.Requests;

// What the history has of a daemon's jobs, asked for over its HTTP socket.
internal static class RecordedJobs
{
    internal static async Task<IReadOnlyList<JsonElement>> Of(TestDaemon daemon)
    {
        using var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(daemon.Folder["data/http.sock"]), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        using var answer = JsonDocument.Parse(await client.GetByteArrayAsync(new Uri("http://localhost/v1/jobs?limit=200")));
        return [.. answer.RootElement.GetProperty("items").EnumerateArray().Select(job => job.Clone())];
    }
}
