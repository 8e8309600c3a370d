using System.Buffers;
using System.Runtime.CompilerServices;
using Kuid.Sysreq.Pipeline.Formats;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Rows;

/// <summary><c>to</c>: the rows as bytes in a format.</summary>
internal sealed class ToCommand : Command
{
    private const int Piece = 16 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    /// <inheritdoc/>
    public override string Name => "to";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = $"to {string.Join('|', RowFormats.Names)}",
        Summary = "The rows as bytes in a format.",
        Remarks = string.Join("; ", RowFormats.Meanings.Select(format => $"{format.Name}: {format.Meaning}"))
            + ". In JSON, TSV and text sizes are bytes, durations seconds, moments RFC 3339 in UTC, modes drwxr-xr-x; "
            + "JSON of bytes that are no UTF-8 is {\"b64\": \"...\"}.",
        Columns = [DataColumn.Instance],
        Examples =
        [
            "ls /etc | select name size | to json",
            "ps | xargs pstat | select pid rss comm | to ruby",
            "ls | to tsv > /tmp/names.tsv",
        ],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        arguments.NeedExactly("FORMAT");
        if (arguments.Operands.Count == 0)
            return new GivenRowsSource(Help.Columns, []);

        string name = ArgumentReader.Text(arguments.Operands[0]);
        if (!RowFormats.Names.Contains(name, StringComparer.Ordinal))
            throw arguments.Refusal($"there is no format {VisibleText.Of(name)}; there are {Phrase.And(RowFormats.Names)}", arguments.Operands[0]);

        RowSource input = arguments.Input;
        return new ComputedSource(Help.Columns, (context, cancellation) => ReadAsync(input, name, context, cancellation));
    }

    // What is written is passed on before a wait: a slow pipeline shows each row as it comes.
    private static async IAsyncEnumerable<Value[]> ReadAsync(
        RowSource input, string name, CommandContext context, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var buffer = new ArrayBufferWriter<byte>();
        RowFormat format = RowFormats.Create(name, buffer)!;
        int shown = input.Columns.Count;
        format.Begin(input.Columns);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using IAsyncEnumerator<Value[]> rows = input.ReadAsync(context, stop.Token).GetAsyncEnumerator(stop.Token);
        Task<bool> moving = rows.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                if (!moving.IsCompleted)
                {
                    if (await Task.WhenAny(moving, Task.Delay(Patience, stop.Token)) != moving)
                        format.Settle();

                    if (buffer.WrittenCount > 0)
                        yield return Take(buffer);
                }

                if (!await moving)
                    break;

                format.Row(rows.Current.AsSpan(0, shown));
                if (buffer.WrittenCount >= Piece)
                    yield return Take(buffer);

                moving = rows.MoveNextAsync().AsTask();
            }
        }
        finally
        {
            // Whoever reads may stop while the next row is on its way, and an enumerator must not be disposed of within a move.
            await stop.CancelAsync();
            await moving.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        format.End();
        if (buffer.WrittenCount > 0)
            yield return Take(buffer);
    }

    private static Value[] Take(ArrayBufferWriter<byte> buffer)
    {
        byte[] bytes = buffer.WrittenSpan.ToArray();
        buffer.ResetWrittenCount();
        return [new BytesValue(bytes)];
    }
}
