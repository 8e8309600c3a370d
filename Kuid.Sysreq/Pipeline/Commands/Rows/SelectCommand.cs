using System.Runtime.CompilerServices;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Rows;

/// <summary><c>select</c>: some of the columns.</summary>
internal sealed class SelectCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "select";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "select COLUMN...",
        Summary = "The named columns only, in the order in which they are named.",
        Remarks = "Stages after it see no other columns, those on demand included.",
        ColumnsRemark = "the named ones",
        Examples = ["uname | select nodename", "ls /etc | select name size"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        arguments.NeedAtLeast(1, "COLUMN");
        RowSource input = arguments.Input;
        var names = new HashSet<string>(StringComparer.Ordinal);
        var columns = new List<Column>();
        var indexes = new List<int>();
        foreach (Argument argument in arguments.Operands)
        {
            (int index, Column column) = arguments.Column(argument);
            if (!names.Add(column.Name))
                throw arguments.Refusal($"{VisibleText.Of(column.Name)} is named twice", argument);

            columns.Add(column);
            indexes.Add(index);
        }

        return new ComputedSource(
            columns, (context, cancellation) => ReadAsync(input.ReadAsync(context, cancellation), [.. indexes], cancellation));
    }

    private static async IAsyncEnumerable<Value[]> ReadAsync(
        IAsyncEnumerable<Value[]> rows, int[] indexes, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (Value[] row in rows.WithCancellation(cancellation))
            yield return Array.ConvertAll(indexes, index => row[index]);
    }
}
