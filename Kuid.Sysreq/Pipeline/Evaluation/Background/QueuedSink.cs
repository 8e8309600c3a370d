using System.Collections.Concurrent;
using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Evaluation;

/// <summary>Keeps what a background job gives until its shell passes it on.</summary>
internal sealed class QueuedSink : IResultSink
{
    /// <summary>How many rows and errors it keeps.</summary>
    private const int Limit = 200_000;

    private readonly ConcurrentQueue<Func<ValueTask>> _waiting = new();
    private readonly IResultSink _output;
    private readonly IResultSink _errors;
    private readonly List<Func<ValueTask>> _pipeline = [];
    private int _kept;

    /// <summary>Keeps for these.</summary>
    public QueuedSink(IResultSink output, IResultSink errors)
    {
        _output = output;
        _errors = errors;
        Errors = errors == output ? this : new ErrorsOnly(this, errors);
    }

    /// <summary>Where the errors go.</summary>
    public IResultSink Errors { get; }

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty => _waiting.IsEmpty;

    /// <summary>Whether rows or errors are for a sink.</summary>
    public bool GoesTo(IResultSink sink) => sink == _output || sink == _errors;

    /// <summary>Passes on what waits. Rows of a pipeline that has not ended stay.</summary>
    public async ValueTask PassOnAsync()
    {
        while (_waiting.TryDequeue(out Func<ValueTask>? next))
        {
            await next();
        }
    }

    /// <inheritdoc/>
    public ValueTask BeginAsync(IReadOnlyList<Column> columns) => Keep(() => _output.BeginAsync(columns));

    /// <inheritdoc/>
    public ValueTask RowAsync(ReadOnlyMemory<Value> row)
    {
        Value[] copy = row.ToArray();
        return Keep(() => _output.RowAsync(copy));
    }

    /// <inheritdoc/>
    // A pipeline is passed on as a whole: what its shell gives in between must not fall among its rows.
    public ValueTask EndAsync()
    {
        Func<ValueTask>[] steps = [.. _pipeline, _output.EndAsync];
        _pipeline.Clear();
        _waiting.Enqueue(async () =>
        {
            foreach (Func<ValueTask> step in steps)
            {
                await step();
            }

            Interlocked.Add(ref _kept, -steps.Length + 1);
        });
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask ErrorAsync(ErrorValue error) => Queue(() => _output.ErrorAsync(error));

    /// <inheritdoc/>
    public ValueTask WriteErrorAsync(ReadOnlyMemory<byte> bytes)
    {
        byte[] copy = bytes.ToArray();
        return Queue(() => _output.WriteErrorAsync(copy));
    }

    private ValueTask Keep(Func<ValueTask> step)
    {
        CheckRoom();
        _pipeline.Add(step);
        return ValueTask.CompletedTask;
    }

    private ValueTask Queue(Func<ValueTask> step)
    {
        CheckRoom();
        _waiting.Enqueue(async () =>
        {
            await step();
            Interlocked.Decrement(ref _kept);
        });
        return ValueTask.CompletedTask;
    }

    private void CheckRoom()
    {
        if (Interlocked.Increment(ref _kept) > Limit)
        {
            throw new CommandException($"a background job has given more than {Limit} rows that nobody has taken yet: send them to a file");
        }
    }

    private sealed class ErrorsOnly(QueuedSink queue, IResultSink errors) : IResultSink
    {
        public ValueTask BeginAsync(IReadOnlyList<Column> columns) => ValueTask.CompletedTask;

        public ValueTask RowAsync(ReadOnlyMemory<Value> row) => ValueTask.CompletedTask;

        public ValueTask EndAsync() => ValueTask.CompletedTask;

        public ValueTask ErrorAsync(ErrorValue error) => queue.Queue(() => errors.ErrorAsync(error));

        public ValueTask WriteErrorAsync(ReadOnlyMemory<byte> bytes)
        {
            byte[] copy = bytes.ToArray();
            return queue.Queue(() => errors.WriteErrorAsync(copy));
        }
    }
}
