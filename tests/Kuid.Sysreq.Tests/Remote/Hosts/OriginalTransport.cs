using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Tests.Remote;

/// <summary>
/// The original server, one process a connection. It accepts on its stdin, which its manager makes a socket on every interface; here it
/// is one on the loopback.
/// </summary>
internal sealed partial class OriginalTransport(string server) : ITransport
{
    private const int SetDescriptorFlags = 2;

    public async ValueTask<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);

        var descriptor = (int)listener.Handle;
        _ = SetFlags(descriptor, SetDescriptorFlags, 0);
        using var process = Process.Start("bash", ["-c", $"exec \"$0\" <&{descriptor} {descriptor}<&-", server]);
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        var stream = await new TcpTransport("127.0.0.1", port).OpenAsync(cancellationToken);
        return new ServedStream(stream, process.Id);
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int SetFlags(int descriptor, int command, nint flags);

    /// <summary>The connection; the server, which would wait for the next one, ends with it.</summary>
    private sealed class ServedStream(Stream stream, int pid) : WrappedStream(stream, stream)
    {
        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            try
            {
                using var process = Process.GetProcessById(pid);
                process.Kill();
            }
            catch (Exception error) when (error is ArgumentException or InvalidOperationException)
            {
                // It has ended.
            }
        }
    }
}
