using System.Net.Sockets;
using System.Text;
using Kuid.Jobd.Core.Services;

namespace Kuid.Services.Tests;

/// <summary>Who calls a service, or what answers: bytes out, bytes in.</summary>
/// <param name="isService">Whether the frames that come are those of a caller.</param>
internal sealed class Caller(Socket socket, bool isService = false) : IDisposable
{
    internal const string Welcome = "kuid services: the name of a service, your user name or an empty line, arguments, an empty line\n";

    private readonly FrameReader _frames = new(fromCaller: isService);
    private readonly Queue<Frame> _read = new();

    internal Socket Socket { get; } = socket;

    internal async Task Send(string text) => await Send(Encoding.Latin1.GetBytes(text));

    internal async Task Send(ReadOnlyMemory<byte> bytes) => await Socket.SendAsync(bytes);

    internal async Task Send(Frame frame) => await Send(FrameWriter.ToBytes(frame));

    internal async Task<string> ReadLine()
    {
        var line = new StringBuilder();
        byte[] one = new byte[1];
        while (await Socket.ReceiveAsync(one) > 0 && one[0] != '\n')
        {
            line.Append((char)one[0]);
        }

        return line.ToString();
    }

    internal async Task<string> ReadToEnd()
    {
        using var all = new MemoryStream();
        byte[] buffer = new byte[65536];
        int n;
        while ((n = await Socket.ReceiveAsync(buffer)) > 0)
        {
            all.Write(buffer, 0, n);
        }

        return Encoding.Latin1.GetString(all.ToArray());
    }

    /// <summary>The next frame; null at the end of the connection.</summary>
    internal async Task<Frame?> ReadFrame()
    {
        byte[] buffer = new byte[65536];
        while (_read.Count == 0)
        {
            int n = await Socket.ReceiveAsync(buffer);
            if (n == 0)
            {
                return null;
            }

            Take(buffer.AsSpan(0, n));
        }

        return _read.Dequeue();
    }

    public void Dispose() => Socket.Dispose();

    private void Take(ReadOnlySpan<byte> bytes)
    {
        while (_frames.TryRead(ref bytes, out Frame frame))
        {
            _read.Enqueue(frame with { Payload = frame.Payload.ToArray() });
        }
    }
}
