using System.Buffers;
using System.Text.Json;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Formats;

/// <summary>Rows as JSON objects, whose members are the columns. <see cref="JsonValue"/> says how values look.</summary>
internal sealed class JsonRows(IBufferWriter<byte> output)
{
    private readonly Utf8JsonWriter _json = new(output, JsonValue.Options);
    private JsonEncodedText[] _names = [];
    private bool _isLoneValue;

    /// <summary>Rows of these columns follow.</summary>
    public void Begin(IReadOnlyList<Column> columns)
    {
        _isLoneValue = LoneValue.IsOnlyOne(columns);
        _names = [.. columns.Select(column => JsonEncodedText.Encode(column.Name, JsonValue.Options.Encoder))];
    }

    /// <summary>Writes a row's object.</summary>
    public void Write(ReadOnlySpan<Value> row)
    {
        if (_isLoneValue)
        {
            JsonValue.Write(_json, row[0]);
        }
        else
        {
            _json.WriteStartObject();
            for (int index = 0; index < row.Length; index++)
            {
                _json.WritePropertyName(_names[index]);
                JsonValue.Write(_json, row[index]);
            }

            _json.WriteEndObject();
        }

        _json.Flush();
        _json.Reset();
    }
}
