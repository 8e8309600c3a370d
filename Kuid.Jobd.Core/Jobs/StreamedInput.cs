using System.Buffers;
using System.IO.Pipelines;

namespace Kuid.Jobd.Core.Jobs;

/// <summary>
/// Standard input that is sent in pieces while the job waits or runs. Each piece says where in the whole it begins, so that a
/// sender whose connection broke can go on where it was and nothing comes twice. At most <see cref="BufferBytes"/> wait for the
/// job; who sends more waits with them.
/// </summary>
public sealed class StreamedInput : JobInput
{
    private const int BufferBytes = 64 * 1024;

    private readonly Pipe _pipe = new(new PipeOptions(
        pauseWriterThreshold: BufferBytes, resumeWriterThreshold: BufferBytes / 2, useSynchronizationContext: false));

    private readonly SemaphoreSlim _sender = new(1, 1);
    private long _received;
    private bool _ended;

    /// <inheritdoc/>
    public override StdinMode Mode => StdinMode.Stream;

    /// <summary>How many bytes have been sent.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Takes a piece; completes when the job, or its buffer, has all of it.</summary>
    /// <param name="offset">Where in the whole input the piece begins.</param>
    /// <param name="piece">The bytes; read to their end.</param>
    /// <param name="eof">Whether these were the last.</param>
    /// <returns>
    /// Null when they were taken; otherwise the offset that the next piece has to begin at: because this one does not, another
    /// is still being sent, or the last has come already.
    /// </returns>
    public async Task<long?> AppendAsync(long offset, PipeReader piece, bool eof, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(piece);
        if (!await _sender.WaitAsync(TimeSpan.Zero, cancellation))
        {
            return Interlocked.Read(ref _received);
        }

        try
        {
            if (offset != _received)
            {
                return _received;
            }

            ReadResult read;
            do
            {
                read = await piece.ReadAsync(cancellation);
                if (_ended && !read.Buffer.IsEmpty)
                {
                    return _received;
                }

                if (!read.Buffer.IsEmpty)
                {
                    await TakeAsync(read.Buffer, cancellation);
                }

                piece.AdvanceTo(read.Buffer.End);
            }
            while (!read.IsCompleted);

            if (eof && !_ended)
            {
                _ended = true;
                await _pipe.Writer.CompleteAsync();
            }

            return null;
        }
        finally
        {
            _sender.Release();
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        if (!_pipe.Reader.TryRead(out ReadResult read))
        {
            read = await _pipe.Reader.ReadAsync(cancellation);
        }

        // Once the reader has advanced, the sequence lies in segments that are no longer its own: its length is asked for before.
        ReadOnlySequence<byte> bytes = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, buffer.Length));
        int n = (int)bytes.Length;
        bytes.CopyTo(buffer.Span);
        _pipe.Reader.AdvanceTo(bytes.End);
        return n;
    }

    /// <inheritdoc/>
    public override void Abandon() => _pipe.Reader.Complete();

    // What a job that is over would not read is counted and dropped: its sender learns of the end from the job itself.
    private async Task TakeAsync(ReadOnlySequence<byte> bytes, CancellationToken cancellation)
    {
        // A sender that broke off has left a full buffer, and the next one waits before it adds to that.
        await HandOverAsync(ReadOnlyMemory<byte>.Empty, cancellation);
        foreach (ReadOnlyMemory<byte> segment in bytes)
        {
            _received += segment.Length;
            await HandOverAsync(segment, cancellation);
        }
    }

    /// <summary>Hands bytes over, and waits until there is room for more.</summary>
    /// <remarks>
    /// A sender that has gone is not to wait for the job, which may not run for days, or nobody could go on where it was. The
    /// token is not given to the pipe, which would then keep back what has been counted; only the waiting is broken off.
    /// </remarks>
    private async Task HandOverAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        await using CancellationTokenRegistration gone = cancellation.UnsafeRegister(
            static writer => ((PipeWriter)writer!).CancelPendingFlush(), _pipe.Writer);
        FlushResult handed = await _pipe.Writer.WriteAsync(bytes, CancellationToken.None);
        while (handed.IsCanceled)
        {
            cancellation.ThrowIfCancellationRequested();
            handed = await _pipe.Writer.FlushAsync(CancellationToken.None);
        }
    }
}
