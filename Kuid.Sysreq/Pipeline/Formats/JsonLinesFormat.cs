using System.Buffers;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Formats;

/// <summary>An object a line.</summary>
public sealed class JsonLinesFormat(IBufferWriter<byte> output) : RowFormat(output)
{
    private readonly JsonRows _rows = new(output);

    /// <inheritdoc/>
    public override void Begin(IReadOnlyList<Column> columns) => _rows.Begin(columns);

    /// <inheritdoc/>
    public override void Row(ReadOnlySpan<Value> row)
    {
        _rows.Write(row);
        Output.Write("\n"u8);
    }

    /// <inheritdoc/>
    public override void End()
    {
    }
}
