using System.Buffers.Binary;
using System.Text;

namespace Kuid.Jobd.Core.Services;

/// <summary>
/// One frame of a call: a byte for its kind, four for the length of the payload with the highest first, the payload. The methods
/// that read a payload fail with a <see cref="FormatException"/> when it is not that of its kind.
/// </summary>
/// <param name="Kind">What it is.</param>
/// <param name="Payload">At most <see cref="MaxPayload"/> bytes; of a frame that was read, until the next one is.</param>
public readonly record struct Frame(FrameKind Kind, ReadOnlyMemory<byte> Payload)
{
    /// <summary>The bytes in front of the payload.</summary>
    public const int HeaderBytes = 5;

    /// <summary>The longest payload.</summary>
    public const int MaxPayload = 65536;

    private const byte OnTerminal = 1;

    /// <summary>A frame without a payload: the start, the end of standard input.</summary>
    public static Frame Empty(FrameKind kind) => new(kind, ReadOnlyMemory<byte>.Empty);

    /// <summary>A frame of text: a signal's name, a variable, an error.</summary>
    public static Frame OfText(FrameKind kind, string text) => new(kind, Encoding.UTF8.GetBytes(text));

    /// <summary>The size of the caller's terminal.</summary>
    public static Frame OfWindow(WindowSize size)
    {
        byte[] payload = new byte[8];
        BinaryPrimitives.WriteUInt16BigEndian(payload, size.Rows);
        BinaryPrimitives.WriteUInt16BigEndian(payload.AsSpan(2), size.Columns);
        BinaryPrimitives.WriteUInt16BigEndian(payload.AsSpan(4), size.PixelWidth);
        BinaryPrimitives.WriteUInt16BigEndian(payload.AsSpan(6), size.PixelHeight);
        return new Frame(FrameKind.Window, payload);
    }

    /// <summary>The program runs.</summary>
    public static Frame OfStarted(int pid, bool onTerminal)
    {
        byte[] payload = new byte[5];
        payload[0] = onTerminal ? OnTerminal : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(payload.AsSpan(1), pid);
        return new Frame(FrameKind.Started, payload);
    }

    /// <summary>The program is over.</summary>
    /// <param name="status">As wait(2) says it.</param>
    public static Frame OfExit(int status)
    {
        byte[] payload = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(payload, status);
        return new Frame(FrameKind.Exit, payload);
    }

    /// <summary>The payload as text.</summary>
    public string Text() => Encoding.UTF8.GetString(Payload.Span);

    /// <summary>The size of a terminal.</summary>
    public WindowSize Window()
    {
        ReadOnlySpan<byte> payload = OfLength(8);
        return new WindowSize(
            BinaryPrimitives.ReadUInt16BigEndian(payload), BinaryPrimitives.ReadUInt16BigEndian(payload[2..]),
            BinaryPrimitives.ReadUInt16BigEndian(payload[4..]), BinaryPrimitives.ReadUInt16BigEndian(payload[6..]));
    }

    /// <summary>The process id of a program that runs, and whether it does so on a terminal.</summary>
    public (int Pid, bool OnTerminal) Started()
    {
        ReadOnlySpan<byte> payload = OfLength(5);
        return (BinaryPrimitives.ReadInt32BigEndian(payload[1..]), (payload[0] & OnTerminal) != 0);
    }

    /// <summary>The raw wait status of a program that is over.</summary>
    public int Exit() => BinaryPrimitives.ReadInt32BigEndian(OfLength(4));

    private ReadOnlySpan<byte> OfLength(int bytes) => Payload.Length == bytes
        ? Payload.Span
        : throw new FormatException($"a frame of the kind {Kind} has {bytes} bytes, this one has {Payload.Length}");
}
