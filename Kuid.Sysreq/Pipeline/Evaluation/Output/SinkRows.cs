using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Evaluation;

/// <summary>Hands the rows of a stage to a sink.</summary>
internal static class SinkRows
{
    /// <summary>Hands over all of them, and of each what is shown; a stage without columns is only run.</summary>
    public static async ValueTask TakeAsync(this IResultSink sink, IReadOnlyList<Column> columns, IAsyncEnumerator<Value[]> rows)
    {
        if (columns.Count == 0)
        {
            while (await rows.MoveNextAsync())
            {
            }

            return;
        }

        await sink.BeginAsync(columns);
        try
        {
            while (await rows.MoveNextAsync())
            {
                await sink.RowAsync(rows.Current.AsMemory(0, columns.Count));
            }
        }
        finally
        {
            await sink.EndAsync();
        }
    }
}
