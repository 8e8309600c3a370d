using System.Net.Sockets;
using System.Text;

namespace Kuid.Bench.Daemons;

/// <summary>One request on a sockproc socket.</summary>
internal static class SockprocProbe
{
    /// <summary>Whether <c>true</c> is run there, and answered as it has to be.</summary>
    internal static async Task<bool> AnswersAsync(string path, CancellationToken cancellation)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            await socket.SendAsync("true\r\n0\r\n"u8.ToArray(), cancellation);
            await using var stream = new NetworkStream(socket);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            return await reader.ReadToEndAsync(cancellation) == "status:0\r\n0\r\n0\r\n";
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            // It does not listen yet.
            return false;
        }
    }
}
