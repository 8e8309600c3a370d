using System.Globalization;
using System.Runtime.CompilerServices;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Rows;

/// <summary><c>tail</c> and <c>last</c>: rows from the end.</summary>
internal sealed class TailCommand(string name, int count) : Command
{
    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = $"{name} [COUNT]",
        Summary = count == 1
            ? "The last row, or as many of the last ones as COUNT."
            : string.Create(CultureInfo.InvariantCulture, $"The last {count} rows, or as many as COUNT."),
        Remarks = "As many rows are kept in memory, at most 10 million or 256 MiB. Text of a file is taken by lines.",
        Options = [RowCount.Option],
        ColumnsRemark = "those of its input",
        Examples = [$"ls | sort size | {name} 3", $"cat /etc/passwd | {name}"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        RowSource input = TextInput.ByLines(arguments.Input);
        long wanted = RowCount.Read(arguments, count);
        return new FilteredSource(input, (context, cancellation) => ReadAsync(input, wanted, context, cancellation));
    }

    private static async IAsyncEnumerable<Value[]> ReadAsync(
        RowSource input, long wanted, CommandContext context, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var budget = new RowBudget();
        var kept = new Queue<Value[]>();
        await foreach (Value[] row in input.ReadAsync(context, cancellation))
        {
            budget.Keep(row);
            kept.Enqueue(row);
            if (kept.Count > wanted)
                budget.Drop(kept.Dequeue());
        }

        foreach (Value[] row in kept)
            yield return row;
    }
}
