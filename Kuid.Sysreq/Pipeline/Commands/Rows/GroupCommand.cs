using System.Runtime.CompilerServices;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Rows;

/// <summary><c>group</c>: a row for each value of a column, with what becomes of its rows.</summary>
internal sealed class GroupCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "group";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "group COLUMN... [count | sum COLUMN | avg COLUMN | min COLUMN | max COLUMN]...",
        Summary = "A row for each value of the named columns, with what its rows are together.",
        Remarks = "The groups come in the order in which the first row of each came. Without anything behind the columns it counts. A "
            + "column whose name is that of an aggregate stands first, or is renamed before. The groups are kept in memory, at most "
            + "10 million of them or 256 MiB. Text of a file is grouped by lines.",
        ColumnsRemark = "the named ones, then count, or count, sum_COLUMN, avg_COLUMN, min_COLUMN, max_COLUMN as they are asked for",
        Examples =
        [
            "ps | xargs pstat | group state",
            "ps | xargs pstat | group comm count sum rss max rss | sort -r sum_rss",
            "ls /etc | group uid gid sum size",
        ],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        arguments.NeedAtLeast(1, "COLUMN");
        RowSource input = TextInput.ByLines(arguments.Input);
        List<(int Index, Column Column)> keys = [];
        List<Aggregate> aggregates = [];
        for (int next = 0; next < arguments.Operands.Count; next++)
        {
            Argument argument = arguments.Operands[next];
            string word = ArgumentReader.Text(argument);
            if (keys.Count > 0 && word == "count")
                aggregates.Add(Aggregate.Count);
            else if (keys.Count > 0 && Aggregate.Names.Contains(word, StringComparer.Ordinal))
                aggregates.Add(Aggregate.Of(word, arguments, Following(arguments, argument, ++next), input));
            else if (aggregates.Count == 0)
                keys.Add(arguments.Column(argument, input));
            else
                throw Misplaced(arguments, argument);
        }

        if (aggregates.Count == 0)
            aggregates.Add(Aggregate.Count);

        Column[] columns = [.. keys.Select(key => key.Column), .. aggregates.Select(aggregate => aggregate.Column)];
        if (columns.GroupBy(column => column.Name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw arguments.Refusal($"there would be two columns {VisibleText.Of(twice.Key)}");

        int[] indexes = [.. keys.Select(key => key.Index)];
        return new ComputedSource(columns, (context, cancellation) =>
            ReadAsync(input.ReadAsync(context, cancellation), indexes, [.. aggregates], cancellation));
    }

    private static Argument Following(ArgumentReader arguments, Argument aggregate, int place) =>
        arguments.OperandAt(place) ?? throw arguments.Refusal($"{ArgumentReader.Text(aggregate)} needs a COLUMN", aggregate);

    private static CommandException Misplaced(ArgumentReader arguments, Argument argument) => arguments.Refusal(
        $"{VisibleText.Of(ArgumentReader.Text(argument))} stands where count, {Phrase.Or(Aggregate.Names)} should; "
            + "columns to group by stand before these",
        argument);

    private static async IAsyncEnumerable<Value[]> ReadAsync(
        IAsyncEnumerable<Value[]> rows, int[] keys, Aggregate[] aggregates, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var budget = new RowBudget();
        var groups = new Dictionary<ListValue, Aggregate.Running[]>();
        var order = new List<ListValue>();
        await foreach (Value[] row in rows.WithCancellation(cancellation))
        {
            var key = new ListValue(Array.ConvertAll(keys, index => row[index]));
            if (!groups.TryGetValue(key, out Aggregate.Running[]? running))
            {
                budget.Keep([.. key.Items]);
                running = Array.ConvertAll(aggregates, aggregate => aggregate.Begin());
                groups.Add(key, running);
                order.Add(key);
            }

            Array.ForEach(running, each => each.Add(row));
        }

        foreach (ListValue key in order)
            yield return [.. key.Items, .. groups[key].Select(each => each.Result())];
    }
}
