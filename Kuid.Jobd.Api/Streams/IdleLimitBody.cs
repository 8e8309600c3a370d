using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Streams;

/// <summary>An answer that may be taken as slowly as its reader likes, but not lie for longer than a limit without a byte of it being taken.</summary>
/// <remarks>
/// The web server's least rate is one of the whole connection: who has taken a gigabyte at once may take nothing for days after it. A
/// write that completes at once, as nearly all do, costs no timer.
/// </remarks>
/// <param name="body">Where the answer goes.</param>
/// <param name="limit">How long a write may wait for its reader.</param>
internal sealed class IdleLimitBody(HttpContext context, Stream body, TimeSpan limit, TimeProvider clock) : Stream
{
    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ValueTask writing = body.WriteAsync(buffer, cancellationToken);
        return writing.IsCompletedSuccessfully ? writing : new ValueTask(WaitAsync(writing.AsTask()));
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        Task flushing = body.FlushAsync(cancellationToken);
        return flushing.IsCompletedSuccessfully ? flushing : WaitAsync(flushing);
    }

    /// <inheritdoc/>
    public override void Flush() => throw new NotSupportedException("Answers are written without blocking.");

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Answers are written without blocking.");

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    // The write itself ends with the connection, so nothing is left behind that still uses the buffer.
    private async Task WaitAsync(Task write)
    {
        try
        {
            await write.WaitAsync(limit, clock);
        }
        catch (TimeoutException)
        {
            context.Abort();
            await write;
        }
    }
}
