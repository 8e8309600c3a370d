using System.Buffers;
using System.Runtime.CompilerServices;
using Kuid.Sysreq.Pipeline.Formats;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary>Rows as the bytes that files and remote programs get: <c>data</c> as it is, other rows a line each.</summary>
internal sealed class RowText
{
    private readonly ArrayBufferWriter<byte> _written = new();
    private readonly TextFormat _format;
    private readonly int _width;

    /// <summary>Begins with no bytes.</summary>
    /// <param name="columns">The columns that are shown: what was asked for beyond them is not text of the row.</param>
    public RowText(IReadOnlyList<Column> columns)
    {
        _format = new TextFormat(_written);
        _format.Begin(columns);
        _width = columns.Count;
    }

    /// <summary>How many bytes there are.</summary>
    public int Length => _written.WrittenCount;

    /// <summary>Adds a row's.</summary>
    public void Add(Value[] row) => _format.Row(row.AsSpan(0, _width));

    /// <summary>Takes what there is.</summary>
    public byte[] Take()
    {
        var bytes = _written.WrittenSpan.ToArray();
        _written.ResetWrittenCount();
        return bytes;
    }

    /// <summary>The bytes of all rows of a stage, as they come.</summary>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        RowSource input, CommandContext context, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var text = new RowText(input.Columns);
        await foreach (var row in input.ReadAsync(context, cancellation))
        {
            text.Add(row);
            if (text.Length > 0)
                yield return text.Take();
        }
    }
}
