namespace Kuid.Sysreq.Remote;

/// <summary>
/// What may be under way at once. The server executes one request after the other and answers before it reads the next: when a client
/// only wrote, both would sooner or later wait for the other to read. A reader that always reads takes that away, and this bound keeps
/// what it must hold in memory small. A server that is not known to take requests one behind the other gets a window of one.
/// </summary>
/// <remarks>One sender waits at a time; the reader never does.</remarks>
internal sealed class Window(int requestBytes, int replyBytes, bool oneAtATime)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _waiter;
    private Exception? _failure;
    private int _requests;
    private int _requestBytesInFlight;
    private int _replyBytesInFlight;

    /// <summary>How many requests have no reply yet.</summary>
    public int Requests
    {
        get
        {
            lock (_gate)
                return _requests;
        }
    }

    /// <summary>Counts the request as under way if it fits; one always fits alone.</summary>
    public bool TryEnter(Request request)
    {
        lock (_gate)
        {
            if (_failure is not null)
                throw _failure;

            if (_requests > 0 && (oneAtATime
                || _requestBytesInFlight + request.RequestBytes > requestBytes
                || _replyBytesInFlight + request.ReplyBytes > replyBytes))
            {
                return false;
            }

            _requests++;
            _requestBytesInFlight += request.RequestBytes;
            _replyBytesInFlight += request.ReplyBytes;
            return true;
        }
    }

    /// <summary>Ends when something was answered since the last <see cref="TryEnter"/>.</summary>
    public Task ChangeAsync(Request request, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_failure is not null || _requests == 0)
                return Task.CompletedTask;

            _waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (!oneAtATime
                && _requestBytesInFlight + request.RequestBytes <= requestBytes
                && _replyBytesInFlight + request.ReplyBytes <= replyBytes)
            {
                _waiter.SetResult();
            }

            return _waiter.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The request is answered.</summary>
    public void Leave(Request request)
    {
        lock (_gate)
        {
            _requests--;
            _requestBytesInFlight -= request.RequestBytes;
            _replyBytesInFlight -= request.ReplyBytes;
            _waiter?.TrySetResult();
        }
    }

    /// <summary>Nothing enters any more.</summary>
    public void Fail(Exception error)
    {
        lock (_gate)
        {
            _failure = error;
            _waiter?.TrySetResult();
        }
    }
}
