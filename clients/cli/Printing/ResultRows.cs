using System.Text;
using System.Text.Json;
using Kuid.Cli.Api;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Cli.Printing;

/// <summary>Rows that came from the daemon as values again, so that they are printed as eval prints them.</summary>
internal static class ResultRows
{
    private const double NanosecondsInSecond = 1e9;

    /// <summary>A column. A moment, a mode and a name of a number have become text on the way.</summary>
    internal static Column Column(ResultColumn column) => new(column.Name, Enum.TryParse(column.Kind, ignoreCase: true, out ValueKind kind)
        ? kind is ValueKind.DateTime or ValueKind.Mode or ValueKind.Enum ? ValueKind.String : kind
        : ValueKind.Any);

    /// <summary>A row.</summary>
    internal static Value[] Row(IReadOnlyList<JsonElement> row, IReadOnlyList<Column> columns) =>
        [.. row.Select((value, i) => Of(value, i < columns.Count ? columns[i].Kind : ValueKind.Any))];

    private static Value Of(JsonElement json, ValueKind kind) => json.ValueKind switch
    {
        JsonValueKind.Null => NullValue.Instance,
        JsonValueKind.True => new BoolValue(true),
        JsonValueKind.False => new BoolValue(false),
        JsonValueKind.String when kind == ValueKind.Bytes => new BytesValue(Encoding.UTF8.GetBytes(json.GetString()!)),
        JsonValueKind.String => new StringValue(json.GetString()!),
        JsonValueKind.Number => Number(json, kind),
        JsonValueKind.Array => new ListValue([.. json.EnumerateArray().Select(item => Of(item, ValueKind.Any))]),
        _ => Object(json),
    };

    private static Value Number(JsonElement json, ValueKind kind) => kind switch
    {
        ValueKind.Size when json.TryGetInt64(out long bytes) => new SizeValue(bytes),
        ValueKind.Duration => new DurationValue((long)Math.Round(json.GetDouble() * NanosecondsInSecond)),
        ValueKind.UInt64 when json.TryGetUInt64(out ulong number) => new UInt64Value(number),
        ValueKind.Float => new FloatValue(json.GetDouble()),
        _ when json.TryGetInt64(out long number) => new Int64Value(number),
        _ when json.TryGetUInt64(out ulong number) => new UInt64Value(number),
        _ => new FloatValue(json.GetDouble()),
    };

    private static Value Object(JsonElement json)
    {
        JsonProperty[] members = [.. json.EnumerateObject()];
        return members switch
        {
            [{ Name: "b64", Value: { ValueKind: JsonValueKind.String } bytes }] when bytes.TryGetBytesFromBase64(out byte[]? decoded) => new BytesValue(decoded),
            [{ Name: "error", Value: { ValueKind: JsonValueKind.Object } error }] => new ErrorValue(Text(error, "command") ?? string.Empty, Text(error, "message") ?? string.Empty, Text(error, "errno")),
            _ => new RecordValue([.. members.Select(member => KeyValuePair.Create(member.Name, Of(member.Value, ValueKind.Any)))]),
        };
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
