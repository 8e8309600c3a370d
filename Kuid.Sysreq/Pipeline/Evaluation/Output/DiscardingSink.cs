using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Evaluation;

/// <summary>Takes everything and keeps nothing.</summary>
internal sealed class DiscardingSink : IResultSink
{
    /// <summary>The only one.</summary>
    public static DiscardingSink Instance { get; } = new();

    /// <inheritdoc/>
    public ValueTask BeginAsync(IReadOnlyList<Column> columns) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask RowAsync(ReadOnlyMemory<Value> row) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask EndAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask ErrorAsync(ErrorValue error) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask WriteErrorAsync(ReadOnlyMemory<byte> bytes) => ValueTask.CompletedTask;
}
