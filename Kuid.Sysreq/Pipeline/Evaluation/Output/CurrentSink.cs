using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Evaluation;

/// <summary>The sink of the script that a session evaluates now: a background job outlives the script that began it.</summary>
internal sealed class CurrentSink : IResultSink
{
    private IResultSink? _sink;

    private IResultSink Sink => _sink ?? throw new InvalidOperationException("no script is being evaluated");

    /// <summary>Makes a sink the one, until the result is disposed.</summary>
    /// <exception cref="InvalidOperationException">There is one already.</exception>
    public IDisposable Use(IResultSink sink) =>
        Interlocked.CompareExchange(ref _sink, sink, null) is null
            ? new Turn(this)
            : throw new InvalidOperationException("the session evaluates another script");

    /// <inheritdoc/>
    public ValueTask BeginAsync(IReadOnlyList<Column> columns) => Sink.BeginAsync(columns);

    /// <inheritdoc/>
    public ValueTask RowAsync(ReadOnlyMemory<Value> row) => Sink.RowAsync(row);

    /// <inheritdoc/>
    public ValueTask EndAsync() => Sink.EndAsync();

    /// <inheritdoc/>
    public ValueTask ErrorAsync(ErrorValue error) => Sink.ErrorAsync(error);

    /// <inheritdoc/>
    public ValueTask WriteErrorAsync(ReadOnlyMemory<byte> bytes) => Sink.WriteErrorAsync(bytes);

    private sealed class Turn(CurrentSink owner) : IDisposable
    {
        public void Dispose() => owner._sink = null;
    }
}
