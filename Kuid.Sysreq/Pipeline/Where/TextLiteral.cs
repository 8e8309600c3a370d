using System.Globalization;
using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Where;

/// <summary>
/// A text that stands in a condition. It is read as the kind of what it meets: beside a moment as a moment, beside a size as a size.
/// </summary>
internal sealed class TextLiteral(Value value)
{
    private readonly string _text = ValueText.Of(value);
    private readonly Dictionary<ValueKind, Value?> _asKind = [];

    /// <summary>The text itself.</summary>
    public Value Value => value;

    /// <summary>It as a value of a kind; null when it is none.</summary>
    public Value? As(ValueKind kind)
    {
        if (!_asKind.TryGetValue(kind, out Value? read))
            _asKind.Add(kind, read = Read(kind));

        return read;
    }

    /// <summary>How a value of a kind is written, for messages; null where no text is one.</summary>
    public static string? FormOf(ValueKind kind) => kind switch
    {
        ValueKind.Bool => "true or false",
        ValueKind.Int64 or ValueKind.UInt64 or ValueKind.Float => "10, 1.5 or 0x1f",
        ValueKind.Size => "1000, 1KB or 4MiB",
        ValueKind.Duration => "5s, 250ms or 1h30m",
        ValueKind.DateTime => DateTimeText.Form,
        ValueKind.Mode => "0644 or rw-r--r--",
        _ => null,
    };

    private Value? Read(ValueKind kind) => kind switch
    {
        ValueKind.String or ValueKind.Bytes => value,
        ValueKind.Bool => _text is "true" or "false" ? new BoolValue(_text == "true") : null,
        ValueKind.Int64 or ValueKind.UInt64 or ValueKind.Float => Number(),
        ValueKind.Size => SizeText.TryParse(_text, out long bytes) ? new SizeValue(bytes) : null,
        ValueKind.Duration => DurationText.TryParse(_text, out long nanoseconds) ? new DurationValue(nanoseconds) : null,
        ValueKind.DateTime => DateTimeText.TryParse(_text, out DateTimeValue moment) ? moment : null,
        ValueKind.Mode => ModeText.TryParse(_text, out uint mode) ? new ModeValue(mode) : null,
        _ => null,
    };

    private Value? Number() =>
        ArgumentReaderValues.TryInteger(_text, out long integer) ? new Int64Value(integer)
        : ulong.TryParse(_text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong unsigned) ? new UInt64Value(unsigned)
        : double.TryParse(_text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? new FloatValue(number)
        : null;
}
