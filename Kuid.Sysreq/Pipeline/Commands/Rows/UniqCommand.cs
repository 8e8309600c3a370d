using System.Runtime.CompilerServices;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Rows;

/// <summary><c>uniq</c>: one row in place of equal ones that follow each other.</summary>
internal sealed class UniqCommand : Command
{
    private static readonly Column CountColumn = new("count", ValueKind.Int64);

    /// <inheritdoc/>
    public override string Name => "uniq";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "uniq [-c] [COLUMN...]",
        Summary = "The first row of those that follow each other and are equal, in all columns or in the named ones.",
        Remarks = "Behind sort no two rows are equal any more; group counts without sorting. Text of a file is taken by lines.",
        Options = [("-c", "how many there were, in the column count before the others")],
        ColumnsRemark = "those of its input, with -c behind the column count",
        Examples = ["ps | xargs pstat | sort comm | uniq -c comm | select count comm", "cat /etc/hosts | sort | uniq"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        RowSource input = TextInput.ByLines(arguments.Input);
        int[] keys = arguments.Operands.Count == 0
            ? [.. Enumerable.Range(0, input.Columns.Count)]
            : [.. arguments.Operands.Select(argument => arguments.Column(argument, input).Index)];
        if (!arguments.Has("-c"))
        {
            return new FilteredSource(input, (context, cancellation) =>
                FirstAsync(RunsAsync(input.ReadAsync(context, cancellation), keys, cancellation), cancellation));
        }

        int shown = input.Columns.Count;
        return new ComputedSource([CountColumn, .. input.Columns], (context, cancellation) =>
            CountAsync(RunsAsync(input.ReadAsync(context, cancellation), keys, cancellation), shown, cancellation));
    }

    // Equal rows give one pair of the first row and how many there were, and the first row alone as soon as it comes (a count of 0).
    private static async IAsyncEnumerable<(Value[] Row, long Count)> RunsAsync(
        IAsyncEnumerable<Value[]> rows, int[] keys, [EnumeratorCancellation] CancellationToken cancellation)
    {
        Value[]? first = null;
        long count = 0;
        await foreach (Value[] row in rows.WithCancellation(cancellation))
        {
            if (first is not null && Array.TrueForAll(keys, key => first[key].Equals(row[key])))
            {
                count++;
                continue;
            }

            if (first is not null)
                yield return (first, count);

            (first, count) = (row, 1);
            yield return (row, 0);
        }

        if (first is not null)
            yield return (first, count);
    }

    private static async IAsyncEnumerable<Value[]> FirstAsync(
        IAsyncEnumerable<(Value[] Row, long Count)> runs, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach ((Value[] row, long count) in runs.WithCancellation(cancellation))
        {
            if (count == 0)
                yield return row;
        }
    }

    private static async IAsyncEnumerable<Value[]> CountAsync(
        IAsyncEnumerable<(Value[] Row, long Count)> runs, int shown, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach ((Value[] row, long count) in runs.WithCancellation(cancellation))
        {
            if (count > 0)
                yield return [new Int64Value(count), .. row.AsSpan(0, shown)];
        }
    }
}
