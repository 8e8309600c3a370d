using System.Globalization;
using System.Text;

namespace Kuid.Sysreq.Pipeline.Values;

/// <summary>
/// The text of a value for programs: what <c>grep</c> searches, a word expands to and TSV has. Sizes are bytes, durations seconds,
/// moments RFC 3339, modes <c>drwxr-xr-x</c>, enums their names, null nothing, lists and records JSON.
/// </summary>
public static class ValueText
{
    /// <summary>Its text; bytes that are no UTF-8 become U+FFFD.</summary>
    public static string Of(Value value) => value switch
    {
        StringValue text => text.Text,
        BytesValue bytes => Encoding.UTF8.GetString(bytes.Bytes.Span),
        NullValue => "",
        BoolValue truth => truth.IsTrue ? "true" : "false",
        Int64Value number => number.Number.ToString(CultureInfo.InvariantCulture),
        UInt64Value number => number.Number.ToString(CultureInfo.InvariantCulture),
        FloatValue number => number.Number.ToString("R", CultureInfo.InvariantCulture),
        SizeValue size => size.Bytes.ToString(CultureInfo.InvariantCulture),
        DurationValue duration => DurationText.Of(duration.Nanoseconds),
        DateTimeValue moment => DateTimeText.Of(moment),
        ModeValue mode => ModeText.Of(mode.Bits),
        EnumValue named => named.Name,
        ErrorValue error => $"{error.Command}: {error.Message}",
        ListValue or RecordValue => JsonValue.Text(value),
        _ => throw new NotSupportedException($"no text of {value.GetType().Name}"),
    };

    /// <summary>Its text as UTF-8; bytes as they are.</summary>
    public static ReadOnlyMemory<byte> BytesOf(Value value) =>
        value is BytesValue bytes ? bytes.Bytes : Encoding.UTF8.GetBytes(Of(value));
}
