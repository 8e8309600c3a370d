using System.Buffers;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Formats;

/// <summary>
/// A row a line, its values separated by tabs, nothing escaped; the bytes of a <c>data</c> column as they are. That is what <c>&gt;</c>
/// writes and <c>$( )</c> reads.
/// </summary>
public sealed class TextFormat(IBufferWriter<byte> output) : HeadedFormat(output)
{
    private bool _isData;

    /// <inheritdoc/>
    protected override void BeginRows(IReadOnlyList<Column> columns) => _isData = DataColumn.IsOnlyOne(columns);

    /// <inheritdoc/>
    protected override void WriteRow(ReadOnlySpan<Value> row)
    {
        for (int index = 0; index < row.Length; index++)
        {
            if (index > 0)
                Output.Write("\t"u8);

            Output.Write(ValueText.BytesOf(row[index]).Span);
        }

        if (!_isData)
            Output.Write("\n"u8);
    }
}
