using System.Buffers;
using System.Buffers.Binary;
using System.Threading.Channels;

namespace Kuid.Sysreq.Remote;

/// <summary>
/// Sends requests and matches replies. The wire has no ids, so everything rests on order: a request is put in the queue of those that
/// expect a reply before its bytes are sent, one sender writes at a time, and one reader takes the replies in the order of the queue.
/// The reader reads only while something is expected; so whoever holds the turn and expects nothing has the stream for himself.
/// </summary>
/// <remarks>
/// Cancellation keeps the order: what was not sent is not sent, what was sent is still answered, and a half request is never left on
/// the wire. A server that does not answer in time (it is inside a call that waits) costs the connection.
/// </remarks>
internal sealed class Exchange : IAsyncDisposable
{
    private const int FlushSize = 64 * 1024;

    private readonly Stream stream;
    private readonly ReplyReader reader;
    private readonly Window window;
    private readonly TimeSpan cancellationGrace;
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly ArrayBufferWriter<byte> output = new(4096);
    private readonly Channel<Request> expected = Channel.CreateUnbounded<Request>(new() { SingleReader = true });
    private readonly Lock gate = new();
    private readonly Task reading;
    private long completed;
    private Exception? failure;

    public Exchange(Stream stream, ReplyReader reader, SysreqClientOptions options, bool pipelines)
    {
        this.stream = stream;
        this.reader = reader;
        window = new Window(options.MaxRequestBytesInFlight, options.MaxReplyBytesInFlight, oneAtATime: !pipelines);
        cancellationGrace = options.CancellationGrace;
        reading = ReadRepliesAsync();
    }

    /// <summary>How many requests were answered.</summary>
    public long Completed => Volatile.Read(ref completed);

    /// <summary>Keeps all other senders away until the turn is disposed.</summary>
    public async Task<Turn> TakeTurnAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        return new Turn(this);
    }

    /// <summary>Sends the batch and waits for its replies.</summary>
    public async Task SendAsync(Batch batch, CancellationToken cancellationToken)
    {
        bool whole;
        using (await TakeTurnAsync(cancellationToken))
            whole = await WriteAsync(batch, cancellationToken);

        await FinishAsync(batch, whole, cancellationToken);
    }

    /// <summary>Ends the connection. Whoever waits for a reply gets the error; so does whoever sends later.</summary>
    public void Fail(Exception error)
    {
        lock (gate)
        {
            if (failure is not null)
                return;

            failure = error as AbsurdReplyException
                ?? (Exception)new ConnectionLostException(error.Message, Completed, window.Requests, error);
        }

        window.Fail(failure);
        expected.Writer.TryComplete();
        try
        {
            stream.Dispose();
        }
        catch (IOException)
        {
            // Closing is all that was wanted of it.
        }
    }

    /// <summary>Ends the exchange but not the stream, which the caller has from now on, with what was read of it already.</summary>
    public async Task<ReadOnlyMemory<byte>> ReleaseStreamAsync()
    {
        lock (gate)
            failure ??= new ConnectionLostException("the server became a program", Completed, 0);

        window.Fail(failure);
        expected.Writer.TryComplete();
        await reading;
        return reader.Rest;
    }

    public async ValueTask DisposeAsync()
    {
        Fail(new ObjectDisposedException(nameof(SysreqClient), "the client was disposed"));
        await reading;
    }

    /// <summary>Writes the batch as far as cancellation allows, and tells whether that was all of it.</summary>
    private async Task<bool> WriteAsync(Batch batch, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var request in batch.Requests)
            {
                while (!cancellationToken.IsCancellationRequested && !window.TryEnter(request))
                {
                    await FlushAsync(cancellationToken);
                    await window.ChangeAsync(request, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }

                if (cancellationToken.IsCancellationRequested)
                    return false;

                Append(request);
                if (output.WrittenCount >= FlushSize)
                    await FlushAsync(cancellationToken);
            }

            return true;
        }
        finally
        {
            await FlushAsync(cancellationToken);
            batch.OneDone();
        }
    }

    private void Append(Request request)
    {
        request.Batch.OneSent();
        request.WriteHeader(output.GetSpan(Request.HeaderLength)[..Request.HeaderLength]);
        output.Advance(Request.HeaderLength);
        output.Write(request.Outgoing.Span);
        if (!expected.Writer.TryWrite(request))
            request.Batch.Fail(failure!);
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (output.WrittenCount == 0)
            return;

        try
        {
            // Not cancelled itself: half a request would be the beginning of the next.
            await WithGraceAsync(WriteOutAsync(), cancellationToken);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            Fail(error);
        }
        finally
        {
            output.ResetWrittenCount();
        }
    }

    private async Task WriteOutAsync()
    {
        await stream.WriteAsync(output.WrittenMemory);
        await stream.FlushAsync();
    }

    private async Task FinishAsync(Batch batch, bool whole, CancellationToken cancellationToken)
    {
        await WithGraceAsync(batch.Answered, cancellationToken);
        foreach (var request in batch.Requests)
        {
            if (request.IsAnswered && request.FindAbsurdity() is { } absurdity)
            {
                var error = new AbsurdReplyException($"{absurdity}; the connection was closed");
                Fail(error);
                throw error;
            }
        }

        if (!whole)
            cancellationToken.ThrowIfCancellationRequested();

        // Calls after a failed upload were made with what lay there before: their results are there, and mean nothing.
        if (batch.Requests.Select(request => request.FindTransferError()).FirstOrDefault(error => error is not null) is { } transferError)
            throw transferError;
    }

    private async Task WithGraceAsync(Task task, CancellationToken cancellationToken)
    {
        await task.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!task.IsCompleted)
        {
            try
            {
                await task.WaitAsync(cancellationGrace, CancellationToken.None);
            }
            catch (TimeoutException timeout) when (!task.IsCompleted)
            {
                const string Reason = "a cancelled call was not answered in time, so the connection was closed";
                Fail(new TimeoutException(Reason, timeout));
                throw new OperationCanceledException(Reason, timeout, cancellationToken);
            }
        }

        await task;
    }

    private async Task ReadRepliesAsync()
    {
        var reply = new byte[Request.ReplyLength];
        try
        {
            await foreach (var request in expected.Reader.ReadAllAsync())
            {
                try
                {
                    await reader.ReadExactlyAsync(request.Incoming);
                    await reader.ReadExactlyAsync(reply);
                }
                catch (Exception error)
                {
                    Fail(error);
                    request.Batch.Fail(failure!);
                    break;
                }

                request.Result = BinaryPrimitives.ReadInt64LittleEndian(reply);
                request.IsAnswered = true;
                Interlocked.Increment(ref completed);
                window.Leave(request);
                request.Batch.OneDone();
            }
        }
        finally
        {
            expected.Writer.TryComplete();
            while (expected.Reader.TryRead(out var request))
                request.Batch.Fail(failure ?? new ObjectDisposedException(nameof(SysreqClient)));
        }
    }

    /// <summary>The right to send, held over several batches.</summary>
    internal sealed class Turn(Exchange exchange) : IDisposable
    {
        private bool ended;

        /// <summary>Sends the batch and waits for its replies.</summary>
        public async Task SendAsync(Batch batch, CancellationToken cancellationToken) =>
            await exchange.FinishAsync(batch, await exchange.WriteAsync(batch, cancellationToken), cancellationToken);

        /// <summary>Sends bytes that expect no reply of the exchange's.</summary>
        public async Task SendRawAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            exchange.output.Write(bytes.Span);
            await exchange.FlushAsync(cancellationToken);
            if (exchange.failure is { } failure)
                throw failure;
        }

        public void Dispose()
        {
            if (!ended)
                exchange.turn.Release();

            ended = true;
        }
    }
}
