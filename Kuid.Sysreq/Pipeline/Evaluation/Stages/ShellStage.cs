using System.Runtime.CompilerServices;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Evaluation;

/// <summary>A compound command or a function as a stage whose rows another one reads.</summary>
/// <param name="columns">Every column that it may give.</param>
/// <param name="withErrors">Whether its errors are rows too.</param>
/// <param name="streams">What it would have without the stage behind it.</param>
/// <param name="run">Runs it.</param>
internal sealed class ShellStage(
    IReadOnlyList<Column> columns, bool withErrors, Streams streams, Func<Streams, Task> run) : StageSource
{
    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns => columns;

    /// <inheritdoc/>
    public override (int Index, Column Column)? Find(string name)
    {
        for (int index = 0; index < columns.Count; index++)
        {
            if (columns[index].Name == name)
            {
                return (index, columns[index]);
            }
        }

        return null;
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<Value[]> RowsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        using var relay = new RowRelay(columns, withErrors, streams.Errors);
        await foreach (Value[] row in relay.ReadAsync(
            () => run(streams with { Output = relay, Errors = withErrors ? relay : streams.Errors }), cancellation))
        {
            yield return row;
        }
    }
}
