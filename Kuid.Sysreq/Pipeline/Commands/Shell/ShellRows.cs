using System.Runtime.CompilerServices;
using Kuid.Sysreq.Pipeline.Evaluation;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Shell;

/// <summary>Rows about the shell that the stage runs in.</summary>
/// <param name="columns">Their columns.</param>
/// <param name="rows">Gives them.</param>
internal sealed class ShellRows(
    IReadOnlyList<Column> columns, Func<StageContext, CancellationToken, ValueTask<IEnumerable<Value[]>>> rows) : OwnRowsSource(columns)
{
    /// <summary>Rows that are there at once.</summary>
    public static ShellRows Of(IReadOnlyList<Column> columns, Func<StageContext, IEnumerable<Value[]>> rows) =>
        new(columns, (context, _) => ValueTask.FromResult(rows(context)));

    /// <inheritdoc/>
    public override async IAsyncEnumerable<Value[]> ReadAsync(
        CommandContext context, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (Value[] row in await rows((StageContext)context, cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            yield return row;
        }
    }
}
