using Kuid.Sysreq.Pipeline;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Jobd.Core.Pipelines;

/// <summary>What one host gives, on its way to the results of the job.</summary>
/// <param name="writer">The results, which all hosts of a job share.</param>
/// <param name="host">What the rows are marked with; null where there is only one host.</param>
internal sealed class HostSink(ResultWriter writer, string? host) : IResultSink
{
    private static readonly Column HostColumn = new("host", ValueKind.String);

    private int _begun;
    private int _result = -1;

    public async ValueTask BeginAsync(IReadOnlyList<Column> columns) =>
        _result = await writer.BeginAsync(_begun++, host is null ? columns : [HostColumn, .. columns]);

    public ValueTask RowAsync(ReadOnlyMemory<Value> row) => writer.RowAsync(_result, host, row);

    public ValueTask EndAsync() => writer.EndAsync(_result);

    public ValueTask ErrorAsync(ErrorValue error) => writer.ErrorAsync(host, error);

    public ValueTask WriteErrorAsync(ReadOnlyMemory<byte> bytes) => writer.WriteErrorAsync(bytes);
}
