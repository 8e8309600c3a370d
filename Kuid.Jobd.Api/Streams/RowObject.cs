using System.Buffers;
using System.Text.Json;

namespace Kuid.Jobd.Api.Streams;

/// <summary>Makes objects of rows: the names of the columns beside the values, which stay as they are written.</summary>
/// <param name="columns">The columns, as JSON.</param>
internal sealed class RowObject(ReadOnlyMemory<byte> columns)
{
    private readonly byte[][] _names = NamesOf(columns);
    private readonly ArrayBufferWriter<byte> _line = new();

    /// <summary>The line of a row, good until the next one.</summary>
    /// <param name="row">Its values, a JSON array.</param>
    internal ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> row)
    {
        _line.ResetWrittenCount();
        _line.Write("{"u8);
        var json = new Utf8JsonReader(row.Span);
        json.Read();
        for (int i = 0; json.Read() && json.TokenType != JsonTokenType.EndArray; i++)
        {
            int start = (int)json.TokenStartIndex;
            json.Skip();
            _line.Write(i == 0 ? [] : ","u8);
            _line.Write(i < _names.Length ? _names[i] : JsonSerializer.SerializeToUtf8Bytes($"column{i}"));
            _line.Write(":"u8);
            _line.Write(row.Span[start..(int)json.BytesConsumed]);
        }

        _line.Write("}\n"u8);
        return _line.WrittenMemory;
    }

    private static byte[][] NamesOf(ReadOnlyMemory<byte> columns)
    {
        using var document = JsonDocument.Parse(columns);
        return [.. document.RootElement.EnumerateArray().Select(column => System.Text.Encoding.UTF8.GetBytes(column.GetProperty("name").GetRawText()))];
    }
}
