using System.Buffers;
using System.IO.Pipelines;

namespace Kuid.Jobd.Api.Streams;

/// <summary>
/// A body that may come as slowly as its sender likes, but not stop for longer than a limit. Only waiting for the sender counts:
/// while the job takes its time nothing is read and no clock runs.
/// </summary>
internal sealed class IdleLimitReader(PipeReader body, TimeSpan limit, TimeProvider clock) : PipeReader
{
    private ReadOnlySequence<byte> _buffer;

    /// <summary>How many bytes have been taken out.</summary>
    internal long Consumed { get; private set; }

    /// <inheritdoc/>
    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        using var idle = new CancellationTokenSource(limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, idle.Token);
        ReadResult result = await body.ReadAsync(either.Token);
        _buffer = result.Buffer;
        return result;
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        bool read = body.TryRead(out result);
        _buffer = result.Buffer;
        return read;
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        Consumed += _buffer.Slice(_buffer.Start, consumed).Length;
        body.AdvanceTo(consumed, examined);
    }

    /// <inheritdoc/>
    public override void CancelPendingRead() => body.CancelPendingRead();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => body.Complete(exception);
}
