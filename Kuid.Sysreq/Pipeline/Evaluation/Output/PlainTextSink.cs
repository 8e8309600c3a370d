using System.Buffers;
using System.Text;
using Kuid.Sysreq.Pipeline.Formats;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Evaluation;

/// <summary>Writes rows as plain text, which is what a file and a substitution get; errors that are sent the same way are lines.</summary>
internal sealed class PlainTextSink : IResultSink
{
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly Func<ReadOnlyMemory<byte>, ValueTask> _write;
    private readonly TextFormat _format;

    /// <summary>Writes by a function.</summary>
    /// <param name="write">Takes the text, piece by piece; it is done with a piece when it returns.</param>
    public PlainTextSink(Func<ReadOnlyMemory<byte>, ValueTask> write)
    {
        _write = write;
        _format = new TextFormat(_buffer);
    }

    /// <inheritdoc/>
    public ValueTask BeginAsync(IReadOnlyList<Column> columns)
    {
        _format.Begin(columns);
        return SendAsync();
    }

    /// <inheritdoc/>
    public ValueTask RowAsync(ReadOnlyMemory<Value> row)
    {
        _format.Row(row.Span);
        return SendAsync();
    }

    /// <inheritdoc/>
    public ValueTask EndAsync()
    {
        _format.End();
        return SendAsync();
    }

    /// <inheritdoc/>
    public ValueTask ErrorAsync(ErrorValue error) => _write(Encoding.UTF8.GetBytes($"{error.Command}: {error.Message}\n"));

    /// <inheritdoc/>
    public ValueTask WriteErrorAsync(ReadOnlyMemory<byte> bytes) => _write(bytes);

    private async ValueTask SendAsync()
    {
        if (_buffer.WrittenCount > 0)
        {
            await _write(_buffer.WrittenMemory);
            _buffer.ResetWrittenCount();
        }
    }
}
