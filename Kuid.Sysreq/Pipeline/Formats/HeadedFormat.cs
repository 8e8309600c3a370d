using System.Buffers;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Formats;

/// <summary>
/// A format whose rows stand below a header. Records of <c>from json</c> get theirs from the first one, and a new one when one has
/// other members.
/// </summary>
public abstract class HeadedFormat(IBufferWriter<byte> output) : RowFormat(output)
{
    private bool _awaitsRecord;
    private IReadOnlyList<Column>? _spread;

    /// <inheritdoc/>
    public sealed override void Begin(IReadOnlyList<Column> columns)
    {
        _awaitsRecord = LoneValue.IsOnlyOne(columns);
        _spread = null;
        if (!_awaitsRecord)
            BeginRows(columns);
    }

    /// <inheritdoc/>
    public sealed override void Row(ReadOnlySpan<Value> row)
    {
        if (!_awaitsRecord)
        {
            WriteRow(row);
            return;
        }

        Value[]? values = _spread is null ? null : LoneValue.RowOf(row[0], _spread);
        if (values is null)
        {
            if (_spread is not null)
                EndForOtherMembers();

            _spread = LoneValue.ColumnsOf(row[0]);
            BeginRows(_spread);
            values = LoneValue.RowOf(row[0], _spread)!;
        }

        WriteRow(values);
    }

    /// <inheritdoc/>
    public sealed override void End()
    {
        if (!_awaitsRecord || _spread is not null)
            EndRows();
    }

    /// <summary>The header.</summary>
    protected abstract void BeginRows(IReadOnlyList<Column> columns);

    /// <summary>A row below it.</summary>
    protected abstract void WriteRow(ReadOnlySpan<Value> row);

    /// <summary>A record has other members than those before: another header follows.</summary>
    protected virtual void EndForOtherMembers() => EndRows();

    /// <summary>The end of the rows below it.</summary>
    protected virtual void EndRows()
    {
    }
}
