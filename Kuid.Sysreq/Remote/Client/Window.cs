namespace Kuid.Sysreq.Remote;

/// <summary>
/// What may be under way at once. The server executes one request after the other and answers before it reads the next: when a client
/// only wrote, both would sooner or later wait for the other to read. A reader that always reads takes that away, and this bound keeps
/// what it must hold in memory small. A server that is not known to take requests one behind the other gets a window of one.
/// </summary>
/// <remarks>One sender waits at a time; the reader never does.</remarks>
internal sealed class Window(int requestBytes, int replyBytes, bool oneAtATime)
{
    private readonly Lock gate = new();
    private TaskCompletionSource? waiter;
    private Exception? failure;
    private int requests;
    private int requestBytesInFlight;
    private int replyBytesInFlight;

    /// <summary>How many requests have no reply yet.</summary>
    public int Requests
    {
        get
        {
            lock (gate)
                return requests;
        }
    }

    /// <summary>Counts the request as under way if it fits; one always fits alone.</summary>
    public bool TryEnter(Request request)
    {
        lock (gate)
        {
            if (failure is not null)
                throw failure;

            if (requests > 0 && (oneAtATime
                || requestBytesInFlight + request.RequestBytes > requestBytes
                || replyBytesInFlight + request.ReplyBytes > replyBytes))
            {
                return false;
            }

            requests++;
            requestBytesInFlight += request.RequestBytes;
            replyBytesInFlight += request.ReplyBytes;
            return true;
        }
    }

    /// <summary>Ends when something was answered since the last <see cref="TryEnter"/>.</summary>
    public Task ChangeAsync(Request request, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (failure is not null || requests == 0)
                return Task.CompletedTask;

            waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (!oneAtATime
                && requestBytesInFlight + request.RequestBytes <= requestBytes
                && replyBytesInFlight + request.ReplyBytes <= replyBytes)
            {
                waiter.SetResult();
            }

            return waiter.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The request is answered.</summary>
    public void Leave(Request request)
    {
        lock (gate)
        {
            requests--;
            requestBytesInFlight -= request.RequestBytes;
            replyBytesInFlight -= request.ReplyBytes;
            waiter?.TrySetResult();
        }
    }

    /// <summary>Nothing enters any more.</summary>
    public void Fail(Exception error)
    {
        lock (gate)
        {
            failure = error;
            waiter?.TrySetResult();
        }
    }
}
