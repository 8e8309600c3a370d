using System.Runtime.CompilerServices;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Rows;

/// <summary><c>sum</c>, <c>avg</c>, <c>min</c> and <c>max</c>: one row of all.</summary>
/// <param name="name">Its name.</param>
/// <param name="what">What it is, such as <c>The sum</c>.</param>
/// <param name="remark">What there is to know of it.</param>
internal sealed class AggregateCommand(string name, string what, string remark) : Command
{
    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = $"{name} [COLUMN...]",
        Summary = $"{what} of each named column, or of the only one.",
        Remarks = $"{remark} Null does not count; an error among the values is the result.",
        ColumnsRemark = $"{name}_COLUMN for each",
        Examples = [$"ls /etc | {name} size", $"ps | xargs pstat | {name} rss vsize"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        RowSource input = arguments.Input;
        Aggregate[] aggregates = [.. arguments.Operands.Select(argument => Aggregate.Of(name, arguments, argument, input))];
        if (aggregates.Length == 0)
            aggregates = [OfTheOnlyOne(arguments, input)];

        return new ComputedSource(
            [.. aggregates.Select(aggregate => aggregate.Column)],
            (context, cancellation) => ReadAsync(input.ReadAsync(context, cancellation), aggregates, cancellation));
    }

    private static async IAsyncEnumerable<Value[]> ReadAsync(
        IAsyncEnumerable<Value[]> rows, Aggregate[] aggregates, [EnumeratorCancellation] CancellationToken cancellation)
    {
        Aggregate.Running[] running = Array.ConvertAll(aggregates, aggregate => aggregate.Begin());
        await foreach (Value[] row in rows.WithCancellation(cancellation))
            Array.ForEach(running, each => each.Add(row));

        yield return Array.ConvertAll(running, each => each.Result());
    }

    private Aggregate OfTheOnlyOne(ArgumentReader arguments, RowSource input)
    {
        if (input.Columns is not [var only])
        {
            string[] names = [.. input.Columns.Select(column => VisibleText.Of(column.Name))];
            throw arguments.Refusal($"needs a COLUMN; the input has {Phrase.And(names)}");
        }

        return Aggregate.Of(name, 0, only) ?? throw arguments.Refusal(Aggregate.Unfit(name, only));
    }
}
