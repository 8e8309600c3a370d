using System.Text;

namespace Kuid.Sysreq.Pipeline.Values;

/// <summary>A value in a row. Its text is what <c>grep</c> searches and what a word expands to.</summary>
public abstract record Value
{
    /// <summary>Its kind.</summary>
    public abstract ValueKind Kind { get; }

    /// <summary>Text when the bytes are UTF-8, else the bytes: what names and lines of a remote system become.</summary>
    public static Value FromBytes(ReadOnlySpan<byte> bytes) =>
        System.Text.Unicode.Utf8.IsValid(bytes) ? new StringValue(Encoding.UTF8.GetString(bytes)) : new BytesValue(bytes.ToArray());
}

/// <summary>Nothing.</summary>
public sealed record NullValue : Value
{
    /// <summary>The only one.</summary>
    public static NullValue Instance { get; } = new();

    /// <inheritdoc/>
    public override ValueKind Kind => ValueKind.Null;
}

/// <summary>True or false.</summary>
public sealed record BoolValue(bool IsTrue) : Value
{
    /// <inheritdoc/>
    public override ValueKind Kind => ValueKind.Bool;
}

/// <summary>A signed integer.</summary>
public sealed record Int64Value(long Number) : Value
{
    /// <inheritdoc/>
    public override ValueKind Kind => ValueKind.Int64;
}

/// <summary>An unsigned integer.</summary>
public sealed record UInt64Value(ulong Number) : Value
{
    /// <inheritdoc/>
    public override ValueKind Kind => ValueKind.UInt64;
}

/// <summary>A float.</summary>
public sealed record FloatValue(double Number) : Value
{
    /// <inheritdoc/>
    public override ValueKind Kind => ValueKind.Float;
}

/// <summary>Text.</summary>
public sealed record StringValue(string Text) : Value
{
    /// <inheritdoc/>
    public override ValueKind Kind => ValueKind.String;
}

/// <summary>Bytes; two are equal when their bytes are.</summary>
public sealed record BytesValue(ReadOnlyMemory<byte> Bytes) : Value
{
    /// <inheritdoc/>
    public override ValueKind Kind => ValueKind.Bytes;

    /// <inheritdoc/>
    public bool Equals(BytesValue? other) => other is not null && Bytes.Span.SequenceEqual(other.Bytes.Span);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Bytes.Span);
        return hash.ToHashCode();
    }
}

/// <summary>A number of bytes.</summary>
public sealed record SizeValue(long Bytes) : Value
{
    /// <inheritdoc/>
    public override ValueKind Kind => ValueKind.Size;
}

/// <summary>A length of time, 292 years at most.</summary>
public sealed record DurationValue(long Nanoseconds) : Value
{
    /// <inheritdoc/>
    public override ValueKind Kind => ValueKind.Duration;
}

/// <summary>A moment: seconds and nanoseconds since 1970 began in UTC, as the kernel counts them.</summary>
public sealed record DateTimeValue(long Seconds, int Nanoseconds) : Value
{
    /// <inheritdoc/>
    public override ValueKind Kind => ValueKind.DateTime;
}

/// <summary>The type and the permissions of a file, as in <c>st_mode</c>.</summary>
public sealed record ModeValue(uint Bits) : Value
{
    /// <inheritdoc/>
    public override ValueKind Kind => ValueKind.Mode;
}

/// <summary>A number that has a name, such as the type of a directory entry.</summary>
public sealed record EnumValue(string Name, long Number) : Value
{
    /// <inheritdoc/>
    public override ValueKind Kind => ValueKind.Enum;
}

/// <summary>What went wrong: in the place of a value, or on its own.</summary>
/// <param name="Command">The command that says so.</param>
/// <param name="Message">A sentence's worth, such as <c>/nope: no such file or directory</c>.</param>
/// <param name="Errno">The name of the kernel's error, such as <c>ENOENT</c>; null for others.</param>
public sealed record ErrorValue(string Command, string Message, string? Errno = null) : Value
{
    /// <inheritdoc/>
    public override ValueKind Kind => ValueKind.Error;
}

/// <summary>Values in their order; two are equal when their values are.</summary>
public sealed record ListValue(IReadOnlyList<Value> Items) : Value
{
    /// <inheritdoc/>
    public override ValueKind Kind => ValueKind.List;

    /// <inheritdoc/>
    public bool Equals(ListValue? other) => other is not null && Items.SequenceEqual(other.Items);

    /// <inheritdoc/>
    public override int GetHashCode() => Items.Aggregate(Items.Count, HashCode.Combine);
}

/// <summary>Values with names; two are equal when names and values are, in their order.</summary>
public sealed record RecordValue(IReadOnlyList<KeyValuePair<string, Value>> Members) : Value
{
    /// <inheritdoc/>
    public override ValueKind Kind => ValueKind.Record;

    /// <inheritdoc/>
    public bool Equals(RecordValue? other) => other is not null && Members.SequenceEqual(other.Members);

    /// <inheritdoc/>
    public override int GetHashCode() => Members.Aggregate(Members.Count, HashCode.Combine);
}
