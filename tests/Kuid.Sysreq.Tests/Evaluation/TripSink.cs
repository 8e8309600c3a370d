using Kuid.Sysreq.Pipeline;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Tests.Evaluation;

/// <summary>Says when the first row has come.</summary>
internal sealed class TripSink : IResultSink
{
    private readonly TaskCompletionSource _hasRow = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task HasRow => _hasRow.Task;

    public ValueTask BeginAsync(IReadOnlyList<Column> columns) => ValueTask.CompletedTask;

    public ValueTask RowAsync(ReadOnlyMemory<Value> row)
    {
        _hasRow.TrySetResult();
        return ValueTask.CompletedTask;
    }

    public ValueTask EndAsync() => ValueTask.CompletedTask;

    public ValueTask ErrorAsync(ErrorValue error) => ValueTask.CompletedTask;

    public ValueTask WriteErrorAsync(ReadOnlyMemory<byte> bytes) => ValueTask.CompletedTask;
}
