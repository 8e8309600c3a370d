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
        Summary = "A row for each value of the named columns, in the order of the first of each, with what the rows of that value are together.",
        Remarks = "Without anything behind the columns it counts. A column that is named as an aggregate is stands first, or is renamed before. "
            + "The groups are kept in memory, at most 10 million of them or 256 MiB. Text of a file is grouped by lines.",
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
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (int next = 0; next < arguments.Operands.Count; next++)
        {
            Argument argument = arguments.Operands[next];
            string word = ArgumentReader.Text(argument);
            string name;
            if (keys.Count > 0 && word == "count")
            {
                aggregates.Add(Aggregate.Count);
                name = word;
            }
            else if (keys.Count > 0 && Aggregate.Names.Contains(word, StringComparer.Ordinal))
            {
                Argument column = arguments.OperandAt(++next) ?? throw arguments.Refusal($"{word} needs a COLUMN", argument);
                aggregates.Add(Aggregate.Of(word, arguments, column, input));
                name = aggregates[^1].Column.Name;
            }
            else if (aggregates.Count > 0)
            {
                throw arguments.Refusal(
                    $"{VisibleText.Of(word)} stands where count, {Phrase.Or([.. Aggregate.Names])} should; columns to group by stand before these", argument);
            }
            else
            {
                keys.Add(arguments.Column(argument, input));
                name = word;
            }

            if (!names.Add(name))
                throw arguments.Refusal($"{VisibleText.Of(name)} is there twice", argument);
        }

        if (aggregates.Count == 0)
            aggregates.Add(keys.Exists(key => key.Column.Name == "count") ? throw arguments.Refusal("the column count would be there twice; rename it before") : Aggregate.Count);

        return new ComputedSource(
            [.. keys.Select(key => key.Column), .. aggregates.Select(aggregate => aggregate.Column)],
            (context, cancellation) => ReadAsync(input.ReadAsync(context, cancellation), [.. keys.Select(key => key.Index)], [.. aggregates], cancellation));
    }

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
