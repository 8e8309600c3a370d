using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Kuid.TestKit;

/// <summary>A client that sends exactly the bytes it is told to, when it is told to.</summary>
public sealed class SockprocClient : IDisposable
{
    private readonly Socket _socket;

    private SockprocClient(Socket socket) => _socket = socket;

    /// <summary>The socket, for tests that do unusual things with it.</summary>
    public Socket Socket => _socket;

    /// <summary>Connects to a path, or with all digits to a port on 127.0.0.1.</summary>
    public static async Task<SockprocClient> Connect(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        bool tcp = address.All(char.IsAsciiDigit);
        var socket = new Socket(
            tcp ? AddressFamily.InterNetwork : AddressFamily.Unix, SocketType.Stream, tcp ? ProtocolType.Tcp : ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(tcp
                ? new IPEndPoint(IPAddress.Loopback, int.Parse(address, CultureInfo.InvariantCulture))
                : new UnixDomainSocketEndPoint(address));
            return new SockprocClient(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Runs a command and reads its reply, as a well-behaved client does.</summary>
    public static async Task<Reply> Run(string address, string command, ReadOnlyMemory<byte> stdin = default)
    {
        using SockprocClient client = await Connect(address);
        Task sending = client.Send(Request(command, stdin));
        Reply reply = await client.ReadReply();
        await sending;
        return reply;
    }

    /// <summary>The bytes of a well-formed request.</summary>
    public static byte[] Request(string command, ReadOnlyMemory<byte> stdin = default) =>
        [.. Encoding.UTF8.GetBytes($"{command}\r\n{stdin.Length}\r\n"), .. stdin.Span];

    /// <summary>Sends bytes; a peer that is gone ends it silently, for the reply is what a test looks at.</summary>
    public async Task Send(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                int n = await _socket.SendAsync(bytes, SocketFlags.None);
                bytes = bytes[n..];
            }
        }
        catch (SocketException)
        {
            // EPIPE: the daemon refused before it had everything.
        }
    }

    /// <summary>Sends text as UTF-8.</summary>
    public Task Send(string text) => Send(Encoding.UTF8.GetBytes(text));

    /// <summary>Says that nothing more will be sent.</summary>
    public void HalfClose() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Closes with a reset rather than an end.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _socket.Close();
    }

    /// <summary>Reads to the end. A reset fails the test: no reply may be lost to one.</summary>
    public async Task<byte[]> ReadToEnd(TimeSpan? limit = null)
    {
        using var patience = new CancellationTokenSource(limit ?? TimeSpan.FromMinutes(3));
        using var all = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        int n;
        while ((n = await _socket.ReceiveAsync(buffer, SocketFlags.None, patience.Token)) > 0)
        {
            all.Write(buffer, 0, n);
        }

        return all.ToArray();
    }

    /// <summary>Reads to the end and takes the reply apart.</summary>
    public async Task<Reply> ReadReply(TimeSpan? limit = null) => Reply.Parse(await ReadToEnd(limit));

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
