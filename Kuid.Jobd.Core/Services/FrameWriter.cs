using System.Buffers.Binary;
using Kuid.Jobd.Core.Descriptors;

namespace Kuid.Jobd.Core.Services;

/// <summary>Writes frames.</summary>
public static class FrameWriter
{
    /// <summary>The bytes of a frame.</summary>
    public static byte[] ToBytes(Frame frame)
    {
        byte[] bytes = new byte[Frame.HeaderBytes + frame.Payload.Length];
        WriteHeader(bytes, frame.Kind, frame.Payload.Length);
        frame.Payload.CopyTo(bytes.AsMemory(Frame.HeaderBytes));
        return bytes;
    }

    /// <summary>Writes the header of a frame in front of a payload that lies in the same buffer.</summary>
    /// <param name="header">At least <see cref="Frame.HeaderBytes"/> bytes.</param>
    /// <param name="length">The length of the payload.</param>
    public static void WriteHeader(Span<byte> header, FrameKind kind, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Frame.MaxPayload);
        header[0] = (byte)kind;
        BinaryPrimitives.WriteInt32BigEndian(header[1..], length);
    }

    /// <summary>Sends a frame, as fast as the peer takes it.</summary>
    /// <exception cref="Native.NativeException">EPIPE when the peer is gone.</exception>
    public static ValueTask WriteAsync(Descriptor socket, Frame frame, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(socket);
        return socket.WriteAsync(ToBytes(frame), cancellation);
    }
}
