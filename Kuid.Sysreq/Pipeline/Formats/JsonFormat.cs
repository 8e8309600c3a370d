using System.Buffers;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Formats;

/// <summary>One array of objects on one line.</summary>
public sealed class JsonFormat(IBufferWriter<byte> output) : RowFormat(output)
{
    private readonly JsonRows _rows = new(output);
    private bool _hasRows;

    /// <inheritdoc/>
    public override void Begin(IReadOnlyList<Column> columns)
    {
        _rows.Begin(columns);
        _hasRows = false;
        Output.Write("["u8);
    }

    /// <inheritdoc/>
    public override void Row(ReadOnlySpan<Value> row)
    {
        if (_hasRows)
            Output.Write(","u8);

        _hasRows = true;
        _rows.Write(row);
    }

    /// <inheritdoc/>
    public override void End() => Output.Write("]\n"u8);
}
