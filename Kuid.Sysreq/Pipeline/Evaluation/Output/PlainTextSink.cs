using System.Text;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Evaluation;

/// <summary>Writes rows as plain text, which is what a file and a substitution get.</summary>
/// <remarks>
/// Bytes of a column <c>data</c> come as they are. Every other row is a line, its values separated by a tab, names byte by byte: so
/// <c>$(ls)</c> splits into what there is. Errors that are sent the same way are lines too.
/// </remarks>
/// <param name="write">Takes the text, piece by piece.</param>
internal sealed class PlainTextSink(Func<ReadOnlyMemory<byte>, ValueTask> write) : IResultSink
{
    private bool _isData;
    private int _width;

    /// <inheritdoc/>
    public ValueTask BeginAsync(IReadOnlyList<Column> columns)
    {
        _isData = DataColumn.IsOnlyOne(columns);
        _width = columns.Count;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask RowAsync(ReadOnlyMemory<Value> row)
    {
        if (_isData)
        {
            return write(ValueText.BytesOf(row.Span[0]));
        }

        var line = new System.Buffers.ArrayBufferWriter<byte>();
        for (int at = 0; at < _width; at++)
        {
            if (at > 0)
            {
                line.GetSpan(1)[0] = (byte)'\t';
                line.Advance(1);
            }

            Add(line, row.Span[at]);
        }

        line.GetSpan(1)[0] = (byte)'\n';
        line.Advance(1);
        return write(line.WrittenMemory);
    }

    /// <inheritdoc/>
    public ValueTask EndAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask ErrorAsync(ErrorValue error) => write(Encoding.UTF8.GetBytes($"{error.Command}: {error.Message}\n"));

    /// <inheritdoc/>
    public ValueTask WriteErrorAsync(ReadOnlyMemory<byte> bytes) => write(bytes);

    private static void Add(System.Buffers.ArrayBufferWriter<byte> line, Value value)
    {
        // Text of a word may hold bytes that are no character; they leave as they came.
        byte[] bytes = value is StringValue text ? Expansion.ShellText.BytesOf(text.Text) : ValueText.BytesOf(value).ToArray();
        bytes.CopyTo(line.GetSpan(bytes.Length));
        line.Advance(bytes.Length);
    }
}
