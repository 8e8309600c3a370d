using System.Buffers;
using System.Runtime.CompilerServices;
using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Rows;

/// <summary>The bytes of a <c>data</c> column as rows of lines.</summary>
internal static class TextInput
{
    /// <summary>The longest line, 16 MiB: what has no line ends is no text, and memory is not for it.</summary>
    public const int LongestLine = 16 << 20;

    /// <summary>The column of a line.</summary>
    public static Column LineColumn { get; } = new("line", ValueKind.String);

    /// <summary>
    /// A stage as commands that search text see it: lines where it is nothing but <c>data</c>, so that <c>cat FILE | grep x</c> does what
    /// everybody expects; else as it is.
    /// </summary>
    public static RowSource ByLines(RowSource input) => DataColumn.IsOnlyOne(input.Columns) ? LinesOf(input, 0) : input;

    /// <summary>The lines of a column: of bytes as one text across all rows, of any other kind each value on its own.</summary>
    /// <param name="index">Where the column stands.</param>
    public static RowSource LinesOf(RowSource input, int index) => new ComputedSource(
        [LineColumn], (context, cancellation) => ReadAsync(input.ReadAsync(context, cancellation), index, input.Columns, cancellation));

    private static async IAsyncEnumerable<Value[]> ReadAsync(
        IAsyncEnumerable<Value[]> rows, int index, IReadOnlyList<Column> columns, [EnumeratorCancellation] CancellationToken cancellation)
    {
        bool flowsOn = index < columns.Count && columns[index].Kind == ValueKind.Bytes;
        var begun = new ArrayBufferWriter<byte>();
        await foreach (Value[] row in rows.WithCancellation(cancellation))
        {
            ReadOnlyMemory<byte> rest = ValueText.BytesOf(row[index]);
            while (rest.Span.IndexOf((byte)'\n') is >= 0 and var end)
            {
                yield return [Line(begun, rest.Span[..end])];
                rest = rest[(end + 1)..];
            }

            Append(begun, rest.Span);
            if (!flowsOn && begun.WrittenCount > 0)
                yield return [Line(begun, [])];
        }

        if (begun.WrittenCount > 0)
            yield return [Line(begun, [])];
    }

    private static void Append(ArrayBufferWriter<byte> begun, ReadOnlySpan<byte> bytes)
    {
        if (begun.WrittenCount + bytes.Length > LongestLine)
            throw new CommandException($"a line is longer than {LongestLine >> 20} MiB");

        begun.Write(bytes);
    }

    private static Value Line(ArrayBufferWriter<byte> begun, ReadOnlySpan<byte> end)
    {
        ReadOnlySpan<byte> line = end;
        if (begun.WrittenCount > 0)
        {
            Append(begun, end);
            line = begun.WrittenSpan;
        }

        Value value = Value.FromBytes(line is [.. var text, (byte)'\r'] ? text : line);
        begun.ResetWrittenCount();
        return value;
    }
}
