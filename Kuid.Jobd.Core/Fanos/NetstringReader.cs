namespace Kuid.Jobd.Core.Fanos;

/// <summary>
/// Reads one netstring after the other, <c>LENGTH:PAYLOAD,</c> with the length in decimal (cr.yp.to/proto/netstrings.txt), from
/// pieces of any size, and never asks for a byte of the next one.
/// </summary>
/// <remarks>
/// Descriptors travel with bytes, and two messages can lie in a socket side by side; whoever reads past the end of one takes
/// descriptors of the next. While the length is not known yet, its digits so far say how many bytes there will be at least, so that
/// a message needs two or three reads and not one a byte.
/// </remarks>
/// <param name="maxBytes">The longest payload that is taken.</param>
public sealed class NetstringReader(int maxBytes)
{
    // A payload gets room as it comes: a length is quickly said.
    private const int FirstRoom = 4096;

    private byte[] _payload = [];
    private long _length;
    private int _digits;
    private int _filled;
    private bool _colon;

    /// <summary>How many bytes of this message are still to come, or how many at least; never one of the next.</summary>
    public int Wanted => _colon
        ? (int)_length - _filled + 1
        : (_digits == 0 ? 1 : 0) + 1 + (int)_length + 1;

    /// <summary>Whether a message has begun and is not over.</summary>
    public bool IsInMessage => _digits > 0;

    /// <summary>Takes the next bytes.</summary>
    /// <param name="bytes">At most <see cref="Wanted"/> of them.</param>
    /// <returns>The payload when this was the last of a message, and the next one is expected; else null.</returns>
    /// <exception cref="FanosException">They are no netstring, or it is too long.</exception>
    public ReadOnlyMemory<byte>? Read(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, Wanted, nameof(bytes));
        while (!_colon && !bytes.IsEmpty)
        {
            ReadLength(bytes[0]);
            bytes = bytes[1..];
        }

        ReadOnlySpan<byte> part = bytes[..Math.Min(bytes.Length, _colon ? (int)_length - _filled : 0)];
        MakeRoom(part.Length);
        part.CopyTo(_payload.AsSpan(_filled));
        _filled += part.Length;
        if (part.Length == bytes.Length)
        {
            return null;
        }

        return End(bytes[part.Length]);
    }

    private void ReadLength(byte next)
    {
        if (next == ':' && _digits > 0)
        {
            _colon = true;
            return;
        }

        if (!char.IsAsciiDigit((char)next))
        {
            throw new FanosException($"a netstring begins with its length and a colon, not with the byte 0x{next:x2}");
        }

        if (_digits > 0 && _length == 0)
        {
            throw new FanosException("the length of a netstring has no zeros in front");
        }

        _length = (_length * 10) + (next - '0');
        _digits++;
        if (_length > maxBytes)
        {
            throw new FanosException($"a message has at most {maxBytes} bytes, this one has {_length} or more");
        }
    }

    private ReadOnlyMemory<byte> End(byte last)
    {
        if (last != ',')
        {
            throw new FanosException($"a netstring ends with a comma, not with the byte 0x{last:x2}");
        }

        ReadOnlyMemory<byte> payload = _payload.AsMemory(0, _filled);
        _payload = [];
        (_length, _digits, _filled, _colon) = (0, 0, 0, false);
        return payload;
    }

    private void MakeRoom(int bytes)
    {
        if (_filled + bytes > _payload.Length)
        {
            int room = Math.Max(Math.Max(FirstRoom, _payload.Length * 2), _filled + bytes);
            Array.Resize(ref _payload, (int)Math.Min(room, _length));
        }
    }
}
