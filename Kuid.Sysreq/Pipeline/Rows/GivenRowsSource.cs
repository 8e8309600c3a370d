using System.Runtime.CompilerServices;
using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Rows;

/// <summary>Rows that are known already.</summary>
/// <param name="columns">Their columns.</param>
/// <param name="rows">The rows, gone through as they are read.</param>
public sealed class GivenRowsSource(IReadOnlyList<Column> columns, IEnumerable<Value[]> rows) : OwnRowsSource(columns)
{
    /// <summary>A stage without columns, which gives no rows.</summary>
    public static RowSource Nothing => new GivenRowsSource([], []);

    /// <summary>Bytes as <c>cat</c> gives them: the one column <c>data</c>.</summary>
    public static RowSource OfData(ReadOnlyMemory<byte> data) => new GivenRowsSource([DataColumn.Instance], [[new BytesValue(data)]]);

    /// <inheritdoc/>
    public override async IAsyncEnumerable<Value[]> ReadAsync(
        CommandContext context, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (Value[] row in rows)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return row;
        }

        await Task.CompletedTask;
    }
}
