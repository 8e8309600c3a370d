using System.Globalization;
using System.Text;
using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Core.Fanos;

/// <summary>Writes messages with descriptors to a Unix socket.</summary>
public static class FanosWriter
{
    private const byte Comma = (byte)',';

    /// <summary>Writes one message, as fast as the peer takes it.</summary>
    /// <param name="descriptors">They stay the caller's; the peer gets copies.</param>
    /// <exception cref="NativeException">EPIPE when the peer is gone.</exception>
    public static async ValueTask WriteAsync(
        Descriptor socket, ReadOnlyMemory<byte> payload, IReadOnlyList<SafeFd> descriptors, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(socket);
        ArgumentNullException.ThrowIfNull(descriptors);
        byte[] length = Encoding.ASCII.GetBytes(payload.Length.ToString(CultureInfo.InvariantCulture) + ":");
        if (descriptors.Count == 0)
        {
            await socket.WriteAsync((byte[])[.. length, .. payload.Span, Comma], cancellation);
            return;
        }

        // Not with the length: other implementations read that without room for descriptors, and lose them.
        await socket.WriteAsync(length, cancellation);
        ReadOnlyMemory<byte> rest = (byte[])[.. payload.Span, Comma];
        int sent;
        while ((sent = LibcSocket.SendMessage(socket.Fd, rest.Span, descriptors)) == LibcIo.WouldBlock)
        {
            await socket.WritableAsync(cancellation);
        }

        await socket.WriteAsync(rest[sent..], cancellation);
    }
}
