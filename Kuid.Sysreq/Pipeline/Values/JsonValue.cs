using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Kuid.Sysreq.Pipeline.Values;

/// <summary>
/// Values in JSON. Bytes are a string where they are UTF-8, else <c>{"b64": "..."}</c>; sizes are bytes and durations seconds, as
/// numbers; moments RFC 3339 in UTC, modes <c>drwxr-xr-x</c> and enums their names, as strings; an error is
/// <c>{"error": {"command": ..., "message": ..., "errno": ...}}</c>; a float that is no number is <c>"NaN"</c>, <c>"Infinity"</c> or
/// <c>"-Infinity"</c>.
/// </summary>
public static class JsonValue
{
    /// <summary>How this JSON is written: UTF-8 as it is, and whatever a terminal could act on escaped.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a value.</summary>
    public static void Write(Utf8JsonWriter json, Value value)
    {
        switch (value)
        {
            case NullValue: json.WriteNullValue(); break;
            case BoolValue truth: json.WriteBooleanValue(truth.IsTrue); break;
            case Int64Value number: json.WriteNumberValue(number.Number); break;
            case UInt64Value number: json.WriteNumberValue(number.Number); break;
            case FloatValue number when double.IsFinite(number.Number): json.WriteNumberValue(number.Number); break;
            case SizeValue size: json.WriteNumberValue(size.Bytes); break;
            case DurationValue duration: json.WriteRawValue(DurationText.Of(duration.Nanoseconds)); break;
            case BytesValue bytes: WriteBytes(json, bytes.Bytes.Span); break;
            case ErrorValue error: WriteError(json, error); break;
            case ListValue list: WriteList(json, list); break;
            case RecordValue record: WriteRecord(json, record); break;
            default: json.WriteStringValue(ValueText.Of(value)); break;
        }
    }

    /// <summary>A value's JSON on one line.</summary>
    public static string Text(Value value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
            Write(json, value);

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteBytes(Utf8JsonWriter json, ReadOnlySpan<byte> bytes)
    {
        if (System.Text.Unicode.Utf8.IsValid(bytes))
        {
            json.WriteStringValue(bytes);
            return;
        }

        json.WriteStartObject();
        json.WriteBase64String("b64", bytes);
        json.WriteEndObject();
    }

    private static void WriteError(Utf8JsonWriter json, ErrorValue error)
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteString("command", error.Command);
        json.WriteString("message", error.Message);
        json.WriteString("errno", error.Errno);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter json, ListValue list)
    {
        json.WriteStartArray();
        foreach (Value item in list.Items)
            Write(json, item);

        json.WriteEndArray();
    }

    private static void WriteRecord(Utf8JsonWriter json, RecordValue record)
    {
        json.WriteStartObject();
        foreach ((string name, Value member) in record.Members)
        {
            json.WritePropertyName(name);
            Write(json, member);
        }

        json.WriteEndObject();
    }
}
