using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline;

/// <summary>Where the rows and errors of a script go: a terminal, the result of a job, a substitution.</summary>
public interface IResultSink
{
    /// <summary>A pipeline begins to give rows of these columns. One without columns gives none and is not said.</summary>
    ValueTask BeginAsync(IReadOnlyList<Column> columns);

    /// <summary>A row of the pipeline that began last, with as many values as it has columns.</summary>
    ValueTask RowAsync(ReadOnlyMemory<Value> row);

    /// <summary>The pipeline that began last gives no more.</summary>
    ValueTask EndAsync();

    /// <summary>Something went wrong.</summary>
    ValueTask ErrorAsync(ErrorValue error);

    /// <summary>A remote program wrote to its standard error.</summary>
    ValueTask WriteErrorAsync(ReadOnlyMemory<byte> bytes);
}
