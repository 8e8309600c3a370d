using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Rows;

/// <summary>Rows that a function makes.</summary>
/// <param name="columns">Their columns.</param>
/// <param name="read">Makes them, when they are asked for.</param>
public sealed class ComputedSource(
    IReadOnlyList<Column> columns, Func<CommandContext, CancellationToken, IAsyncEnumerable<Value[]>> read) : OwnRowsSource(columns)
{
    /// <inheritdoc/>
    public override IAsyncEnumerable<Value[]> ReadAsync(CommandContext context, CancellationToken cancellation) => read(context, cancellation);
}

/// <summary>Rows of the stage before that a function lets pass: some of them, or in another order.</summary>
/// <param name="input">The stage before.</param>
/// <param name="read">Lets them pass, when they are asked for.</param>
public sealed class FilteredSource(
    RowSource input, Func<CommandContext, CancellationToken, IAsyncEnumerable<Value[]>> read) : PassThroughSource(input)
{
    /// <inheritdoc/>
    public override IAsyncEnumerable<Value[]> ReadAsync(CommandContext context, CancellationToken cancellation) => read(context, cancellation);
}
