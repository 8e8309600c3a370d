using System.Buffers;
using System.Runtime.CompilerServices;
using Kuid.Sysreq.Pipeline.Formats;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Rows;

/// <summary><c>wc</c>: lines, words and bytes of a text.</summary>
internal sealed class WcCommand : Command
{
    private static readonly (string Option, Column Column)[] Counts =
    [
        ("-l", new("lines", ValueKind.Int64)), ("-w", new("words", ValueKind.Int64)), ("-c", new("bytes", ValueKind.Size)),
    ];

    /// <inheritdoc/>
    public override string Name => "wc";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "wc [-l] [-w] [-c]",
        Summary = "Counts lines, words and bytes; with options only what they name.",
        Remarks = "Rows are counted as the lines that a file of them would have, so wc -l counts any rows.",
        Options = [("-l", "lines"), ("-w", "words"), ("-c", "bytes")],
        Columns = [.. Counts.Select(count => count.Column)],
        Examples = ["wc < /etc/passwd", "ls | wc -l"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        arguments.TakeAtMost(0);
        RowSource input = arguments.Input;
        int[] chosen = [.. Enumerable.Range(0, Counts.Length).Where(index => arguments.Has(Counts[index].Option))];
        chosen = chosen.Length == 0 ? [0, 1, 2] : chosen;
        return new ComputedSource(
            [.. chosen.Select(index => Counts[index].Column)], (context, cancellation) => ReadAsync(input, chosen, context, cancellation));
    }

    private static async IAsyncEnumerable<Value[]> ReadAsync(
        RowSource input, int[] chosen, CommandContext context, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var count = new Count();
        var text = new ArrayBufferWriter<byte>();
        var format = new TextFormat(text);
        int columns = input.Columns.Count;
        format.Begin(input.Columns);
        await foreach (Value[] row in input.ReadAsync(context, cancellation))
        {
            format.Row(row.AsSpan(0, columns));
            count.Add(text.WrittenSpan);
            text.ResetWrittenCount();
        }

        Value[] all = [new Int64Value(count.Lines), new Int64Value(count.Words), new SizeValue(count.Bytes)];
        yield return Array.ConvertAll(chosen, index => all[index]);
    }

    private sealed class Count
    {
        private bool _isInWord;

        public long Lines { get; private set; }

        public long Words { get; private set; }

        public long Bytes { get; private set; }

        public void Add(ReadOnlySpan<byte> text)
        {
            Bytes += text.Length;
            foreach (byte octet in text)
            {
                bool isSpace = octet is (byte)' ' or (>= (byte)'\t' and <= (byte)'\r');
                Words += !isSpace && !_isInWord ? 1 : 0;
                Lines += octet == '\n' ? 1 : 0;
                _isInWord = !isSpace;
            }
        }
    }
}
