using System.Buffers;
using System.Text;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Formats;

/// <summary>
/// Writes rows as bytes. It writes to a buffer, never waits, and leaves it to its caller when to send on what is there: to a stream
/// (<see cref="StreamSink"/>) or down a pipeline (<c>to json</c>).
/// </summary>
/// <param name="output">Where the bytes go.</param>
public abstract class RowFormat(IBufferWriter<byte> output)
{
    /// <summary>Where the bytes go.</summary>
    protected IBufferWriter<byte> Output => output;

    /// <summary>Rows of these columns begin.</summary>
    public abstract void Begin(IReadOnlyList<Column> columns);

    /// <summary>A row, with as many values as there are columns.</summary>
    public abstract void Row(ReadOnlySpan<Value> row);

    /// <summary>There are no more rows; others may begin.</summary>
    public abstract void End();

    /// <summary>Writes what was held back to see more of it: nobody wants to wait for more rows.</summary>
    public virtual void Settle()
    {
    }

    /// <summary>Writes text as UTF-8.</summary>
    protected void Write(string text) => Encoding.UTF8.GetBytes(text.AsSpan(), output);
}
