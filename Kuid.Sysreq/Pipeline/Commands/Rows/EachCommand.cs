using System.Runtime.CompilerServices;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Rows;

/// <summary><c>each</c>: a row for each item of the lists in a column.</summary>
internal sealed class EachCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "each";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "each COLUMN",
        Summary = "A row for each item of the list in the column; the other columns are the same in each.",
        Remarks = "An empty list gives no row, null neither; a value that is no list gives its row as it is.",
        ColumnsRemark = "those of its input; what the column has is of any kind",
        Examples = ["cat hosts.json | from json name addresses | each addresses"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        arguments.NeedExactly("COLUMN");
        RowSource input = arguments.Input;
        if (arguments.Operands.Count == 0)
            return new GivenRowsSource(input.Columns, []);

        (int index, Column column) = arguments.Column(arguments.Operands[0]);
        Column[] columns = [.. input.Columns];
        if (index >= columns.Length)
            throw arguments.Refusal($"{VisibleText.Of(column.Name)} is no column that is shown; select it before", arguments.Operands[0]);

        columns[index] = column with { Kind = column.Kind is ValueKind.List or ValueKind.Any ? ValueKind.Any : column.Kind };
        return new ComputedSource(columns, (context, cancellation) =>
            ReadAsync(input.ReadAsync(context, cancellation), index, columns.Length, cancellation));
    }

    private static async IAsyncEnumerable<Value[]> ReadAsync(
        IAsyncEnumerable<Value[]> rows, int index, int shown, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (Value[] row in rows.WithCancellation(cancellation))
        {
            IReadOnlyList<Value> items = row[index] switch { ListValue list => list.Items, NullValue => [], var other => [other] };
            foreach (Value item in items)
            {
                Value[] one = row[..shown];
                one[index] = item;
                yield return one;
            }
        }
    }
}
