using System.Buffers.Binary;

namespace Kuid.Jobd.Core.Services;

/// <summary>Reads frames from pieces of any size; no socket, no clock.</summary>
/// <param name="fromCaller">Whether they come from a caller; else to one. The kinds of the other direction are refused.</param>
public sealed class FrameReader(bool fromCaller)
{
    private readonly byte[] _header = new byte[Frame.HeaderBytes];
    private byte[] _payload = [];
    private int _length;
    private int _filled;

    /// <summary>Whether a frame has begun and is not over.</summary>
    public bool IsInFrame => _filled > 0;

    /// <summary>Takes bytes up to the end of a frame.</summary>
    /// <param name="bytes">What has come; afterwards what is left of it.</param>
    /// <param name="frame">The frame that is whole with them; its payload is good until the next call.</param>
    /// <returns>Whether one is; else all bytes were taken.</returns>
    /// <exception cref="FormatException">They are no frame, and where the next one would begin is not known.</exception>
    public bool TryRead(ref ReadOnlySpan<byte> bytes, out Frame frame)
    {
        if (_filled < Frame.HeaderBytes)
        {
            Take(ref bytes, _header.AsSpan(_filled));
            if (_filled < Frame.HeaderBytes)
            {
                frame = default;
                return false;
            }

            ReadHeader();
        }

        Take(ref bytes, _payload.AsSpan(_filled - Frame.HeaderBytes, _length - (_filled - Frame.HeaderBytes)));
        if (_filled < Frame.HeaderBytes + _length)
        {
            frame = default;
            return false;
        }

        _filled = 0;
        frame = new Frame((FrameKind)_header[0], _payload.AsMemory(0, _length));
        return true;
    }

    private void Take(ref ReadOnlySpan<byte> bytes, Span<byte> room)
    {
        int n = Math.Min(bytes.Length, room.Length);
        bytes[..n].CopyTo(room);
        bytes = bytes[n..];
        _filled += n;
    }

    private void ReadHeader()
    {
        bool isKnown = (FrameKind)_header[0] is FrameKind.In or FrameKind.Signal or FrameKind.Window or FrameKind.Env or FrameKind.Start
            ? fromCaller
            : !fromCaller && _header[0] <= (byte)FrameKind.Error;
        if (!isKnown)
        {
            throw new FormatException($"{_header[0]} is no kind of a frame {(fromCaller ? "from" : "to")} a caller");
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(_header.AsSpan(1));
        if (length > Frame.MaxPayload)
        {
            throw new FormatException($"a frame has at most {Frame.MaxPayload} bytes, this one has {length}");
        }

        _length = (int)length;
        if (_payload.Length < _length)
        {
            _payload = new byte[Math.Max(_length, Math.Min(_payload.Length * 2, Frame.MaxPayload))];
        }
    }
}
