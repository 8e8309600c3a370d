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

    private readonly Stream _stream;
    private readonly ReplyReader _reader;
    private readonly Window _window;
    private readonly TimeSpan _cancellationGrace;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ArrayBufferWriter<byte> _output = new(4096);
    private readonly Channel<Request> _expected = Channel.CreateUnbounded<Request>(new() { SingleReader = true });
    private readonly Lock _gate = new();
    private readonly Task _reading;
    private long _completed;
    private Exception? _failure;

    public Exchange(Stream stream, ReplyReader reader, SysreqClientOptions options, bool pipelines)
    {
        this._stream = stream;
        this._reader = reader;
        _window = new Window(options.MaxRequestBytesInFlight, options.MaxReplyBytesInFlight, oneAtATime: !pipelines);
        _cancellationGrace = options.CancellationGrace;
        _reading = ReadRepliesAsync();
    }

    /// <summary>How many requests were answered.</summary>
    public long Completed => Volatile.Read(ref _completed);

    /// <summary>Keeps all other senders away until the turn is disposed.</summary>
    public async Task<Turn> TakeTurnAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
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
        lock (_gate)
        {
            if (_failure is not null)
                return;

            _failure = error as AbsurdReplyException
                ?? (Exception)new ConnectionLostException(error.Message, Completed, _window.Requests, error);
        }

        _window.Fail(_failure);
        _expected.Writer.TryComplete();
        try
        {
            _stream.Dispose();
        }
        catch (IOException)
        {
            // Closing is all that was wanted of it.
        }
    }

    /// <summary>Ends the exchange but not the stream, which the caller has from now on, with what was read of it already.</summary>
    public async Task<ReadOnlyMemory<byte>> ReleaseStreamAsync()
    {
        lock (_gate)
            _failure ??= new ConnectionLostException("the server became a program", Completed, 0);

        _window.Fail(_failure);
        _expected.Writer.TryComplete();
        await _reading;
        return _reader.Rest;
    }

    public async ValueTask DisposeAsync()
    {
        Fail(new ObjectDisposedException(nameof(SysreqClient), "the client was disposed"));
        await _reading;
    }

    /// <summary>Writes the batch as far as cancellation allows, and tells whether that was all of it.</summary>
    private async Task<bool> WriteAsync(Batch batch, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var request in batch.Requests)
            {
                while (!cancellationToken.IsCancellationRequested && !_window.TryEnter(request))
                {
                    await FlushAsync(cancellationToken);
                    await _window.ChangeAsync(request, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }

                if (cancellationToken.IsCancellationRequested)
                    return false;

                Append(request);
                if (_output.WrittenCount >= FlushSize)
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
        request.WriteHeader(_output.GetSpan(Request.HeaderLength)[..Request.HeaderLength]);
        _output.Advance(Request.HeaderLength);
        _output.Write(request.Outgoing.Span);
        if (!_expected.Writer.TryWrite(request))
            request.Batch.Fail(_failure!);
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_output.WrittenCount == 0)
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
            _output.ResetWrittenCount();
        }
    }

    private async Task WriteOutAsync()
    {
        await _stream.WriteAsync(_output.WrittenMemory);
        await _stream.FlushAsync();
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
                await task.WaitAsync(_cancellationGrace, CancellationToken.None);
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
            await foreach (var request in _expected.Reader.ReadAllAsync())
            {
                try
                {
                    await _reader.ReadExactlyAsync(request.Incoming);
                    await _reader.ReadExactlyAsync(reply);
                }
                catch (Exception error)
                {
                    Fail(error);
                    request.Batch.Fail(_failure!);
                    break;
                }

                request.Result = BinaryPrimitives.ReadInt64LittleEndian(reply);
                request.IsAnswered = true;
                Interlocked.Increment(ref _completed);
                _window.Leave(request);
                request.Batch.OneDone();
            }
        }
        finally
        {
            _expected.Writer.TryComplete();
            while (_expected.Reader.TryRead(out var request))
                request.Batch.Fail(_failure ?? new ObjectDisposedException(nameof(SysreqClient)));
        }
    }

    /// <summary>The right to send, held over several batches.</summary>
    internal sealed class Turn(Exchange exchange) : IDisposable
    {
        private bool _ended;

        /// <summary>Sends the batch and waits for its replies.</summary>
        public async Task SendAsync(Batch batch, CancellationToken cancellationToken) =>
            await exchange.FinishAsync(batch, await exchange.WriteAsync(batch, cancellationToken), cancellationToken);

        /// <summary>Sends bytes that expect no reply of the exchange's.</summary>
        public async Task SendRawAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            exchange._output.Write(bytes.Span);
            await exchange.FlushAsync(cancellationToken);
            if (exchange._failure is { } failure)
                throw failure;
        }

        public void Dispose()
        {
            if (!_ended)
                exchange._turn.Release();

            _ended = true;
        }
    }
}
