using System.Text;

namespace Kuid.Sysreq.Remote;

/// <summary>
/// A name, path or argument of a remote system: bytes, which are mostly but not always UTF-8. It never goes through a string on its
/// way to the server; <see cref="ToString"/> is for people and escapes what would confuse a terminal.
/// </summary>
public readonly struct ByteString : IEquatable<ByteString>, IComparable<ByteString>
{
    private readonly ReadOnlyMemory<byte> _bytes;

    /// <summary>Wraps the bytes without copying them; the caller does not change them afterwards.</summary>
    public ByteString(ReadOnlyMemory<byte> bytes) => this._bytes = bytes;

    /// <summary>The UTF-8 bytes of the text. A lone surrogate, which no encoder below writes, becomes U+FFFD.</summary>
    public ByteString(string text) => _bytes = Encoding.UTF8.GetBytes(text);

    /// <summary>The bytes themselves.</summary>
    public ReadOnlyMemory<byte> Memory => _bytes;

    /// <summary>The bytes themselves.</summary>
    public ReadOnlySpan<byte> Span => _bytes.Span;

    /// <summary>How many bytes.</summary>
    public int Length => _bytes.Length;

    /// <summary>Whether there is no byte.</summary>
    public bool IsEmpty => _bytes.IsEmpty;

    /// <summary>The UTF-8 bytes of the text.</summary>
    public static implicit operator ByteString(string text) => new(text);

    /// <summary>The same bytes under another type.</summary>
    public static implicit operator ByteString(ReadOnlyMemory<byte> bytes) => new(bytes);

    /// <summary>The same bytes under another type.</summary>
    public static implicit operator ByteString(byte[] bytes) => new(bytes);

    /// <summary>Whether both hold the same bytes.</summary>
    public static bool operator ==(ByteString left, ByteString right) => left.Equals(right);

    /// <summary>Whether the bytes differ.</summary>
    public static bool operator !=(ByteString left, ByteString right) => !left.Equals(right);

    /// <summary>Byte order.</summary>
    public static bool operator <(ByteString left, ByteString right) => left.CompareTo(right) < 0;

    /// <summary>Byte order.</summary>
    public static bool operator >(ByteString left, ByteString right) => left.CompareTo(right) > 0;

    /// <summary>Byte order.</summary>
    public static bool operator <=(ByteString left, ByteString right) => left.CompareTo(right) <= 0;

    /// <summary>Byte order.</summary>
    public static bool operator >=(ByteString left, ByteString right) => left.CompareTo(right) >= 0;

    /// <summary>This path with <paramref name="name"/> inside it: exactly one slash between the two, an absolute name as it is.</summary>
    public ByteString Join(ByteString name)
    {
        if (IsEmpty || (!name.IsEmpty && name.Span[0] == (byte)'/'))
            return name;

        var slash = Span[^1] == (byte)'/' ? 0 : 1;
        var joined = new byte[Length + slash + name.Length];
        Span.CopyTo(joined);
        if (slash == 1)
            joined[Length] = (byte)'/';

        name.Span.CopyTo(joined.AsSpan(Length + slash));
        return new ByteString(joined);
    }

    /// <summary>The text when the bytes are valid UTF-8, else null.</summary>
    public string? TryDecode() => System.Text.Unicode.Utf8.IsValid(Span) ? Encoding.UTF8.GetString(Span) : null;

    /// <inheritdoc/>
    public bool Equals(ByteString other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ByteString other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public int CompareTo(ByteString other) => Span.SequenceCompareTo(other.Span);

    /// <summary>
    /// The bytes for people: UTF-8 as text, control characters, bytes that are no UTF-8, and characters that turn the direction of a
    /// line as <c>\n</c>, <c>\x1b</c>, <c>\u202e</c>, a backslash doubled.
    /// </summary>
    public override string ToString()
    {
        var text = new StringBuilder(Length);
        for (var rest = Span; !rest.IsEmpty;)
        {
            var status = Rune.DecodeFromUtf8(rest, out var rune, out var taken);
            if (status != System.Buffers.OperationStatus.Done)
            {
                foreach (var b in rest[..taken])
                    text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\x{b:x2}");
            }
            else
            {
                AppendRune(text, rune);
            }

            rest = rest[taken..];
        }

        return text.ToString();
    }

    private static void AppendRune(StringBuilder text, Rune rune)
    {
        var invariant = System.Globalization.CultureInfo.InvariantCulture;
        _ = rune.Value switch
        {
            '\\' => text.Append("\\\\"),
            '\n' => text.Append("\\n"),
            '\t' => text.Append("\\t"),
            '\r' => text.Append("\\r"),
            < 0x20 or 0x7f => text.Append(invariant, $"\\x{rune.Value:x2}"),
            _ when Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.Control
                or System.Globalization.UnicodeCategory.Format
                or System.Globalization.UnicodeCategory.LineSeparator
                or System.Globalization.UnicodeCategory.ParagraphSeparator => text.Append(invariant, $"\\u{rune.Value:x4}"),
            _ => text.Append(rune.ToString()),
        };
    }
}
