using System.Text;
using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Rows;

/// <summary>
/// Counts what a stage keeps in memory, and ends it with a sentence before it takes all there is: a remote system can send rows for
/// ever, and several pipelines share a process.
/// </summary>
/// <param name="rows">How many rows may be kept.</param>
/// <param name="bytes">How much memory they may take, as estimated by <see cref="SizeOf(Value)"/>.</param>
internal sealed class RowBudget(long rows = RowBudget.Rows, long bytes = RowBudget.Bytes)
{
    /// <summary>Ten million rows.</summary>
    public const long Rows = 10_000_000;

    /// <summary>256 MiB.</summary>
    public const long Bytes = 256 << 20;

    private long _rows;
    private long _bytes;

    /// <summary>Counts a row that is kept.</summary>
    /// <exception cref="CommandException">That is one too many.</exception>
    public void Keep(ReadOnlySpan<Value> row)
    {
        if (++_rows > rows)
            throw new CommandException($"there are more than {rows} rows to keep in memory; let fewer of them come, by where or head");

        _bytes += SizeOf(row);
        if (_bytes > bytes)
            throw new CommandException($"there is more than {bytes >> 20} MiB to keep in memory; let less of it come, by where, head or select");
    }

    /// <summary>Counts a row that is kept no longer.</summary>
    public void Drop(ReadOnlySpan<Value> row)
    {
        _rows--;
        _bytes -= SizeOf(row);
    }

    private static long SizeOf(ReadOnlySpan<Value> row)
    {
        long size = 24 + (8L * row.Length);
        foreach (Value value in row)
            size += SizeOf(value);

        return size;
    }

    // What the runtime takes for such objects, to the next 8 bytes or so.
    private static long SizeOf(Value value) => value switch
    {
        NullValue => 0,
        StringValue text => 48 + (2L * text.Text.Length),
        BytesValue data => 64 + data.Bytes.Length,
        ErrorValue error => 64 + (2L * Encoding.UTF8.GetByteCount(error.Message)),
        ListValue list => 48 + list.Items.Sum(SizeOf),
        RecordValue record => 48 + record.Members.Sum(member => 16 + SizeOf(member.Value)),
        _ => 32,
    };
}
