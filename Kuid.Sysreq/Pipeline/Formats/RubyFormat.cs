using System.Buffers;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Formats;

/// <summary>
/// The columns as an array of symbols, then an array a line, as Ruby's <c>p</c> prints them; the bytes of a lone <c>data</c> column as
/// they are. Sizes are bytes, durations seconds, modes and enums numbers.
/// </summary>
public sealed class RubyFormat(IBufferWriter<byte> output) : HeadedFormat(output)
{
    private bool _isData;

    /// <inheritdoc/>
    protected override void BeginRows(IReadOnlyList<Column> columns)
    {
        _isData = DataColumn.IsOnlyOne(columns);
        if (!_isData)
            Write($"[{string.Join(", ", columns.Select(column => RubyLiteral.Symbol(column.Name)))}]\n");
    }

    /// <inheritdoc/>
    protected override void WriteRow(ReadOnlySpan<Value> row)
    {
        if (_isData)
            Output.Write(ValueText.BytesOf(row[0]).Span);
        else
            Write($"[{string.Join(", ", row.ToArray().Select(RubyLiteral.Of))}]\n");
    }
}
