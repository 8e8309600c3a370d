namespace Kuid.Sysreq.Remote;

/// <summary>
/// Requests that are sent together: <see cref="SysreqClient.SendAsync"/> waits for a reply only where it must, so that a batch
/// costs one round trip on a server that allows it. They are executed in order, but each whatever became of those before it.
/// </summary>
public sealed class Batch
{
    private readonly List<Request> _requests = [];
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // One for each request sent, and one for the sender until it has finished.
    private int _outstanding = 1;

    /// <summary>The requests, in order.</summary>
    public IReadOnlyList<Request> Requests => _requests;

    /// <summary>Ends when every request that was sent is answered, or with the error of the connection.</summary>
    internal Task Answered => _answered.Task;

    /// <summary>Adds a system call.</summary>
    public Request Call(SystemCall call, params ReadOnlySpan<long> arguments) => Call(call.Number, arguments);

    /// <summary>Adds a system call by its number.</summary>
    public Request Call(long number, params ReadOnlySpan<long> arguments) =>
        Add(new Request(this, number, Request.Arguments.Of(arguments)));

    /// <summary>Adds an upload: the bytes are stored in the server's memory. They must not change until the batch is answered.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="bytes">What.</param>
    /// <param name="offset">Where in the lease.</param>
    public Request Upload(ScratchLease target, ReadOnlyMemory<byte> bytes, int offset = 0)
    {
        ArgumentNullException.ThrowIfNull(target);
        var address = target.AddressOf(offset, bytes.Length);
        return Add(new Request(this, target.Calls.Read.Number, Request.Arguments.Of([SysreqClient.Descriptor, address, bytes.Length]))
        {
            Outgoing = bytes,
        });
    }

    /// <summary>Adds a download: bytes of the server's memory.</summary>
    /// <param name="source">Where from.</param>
    /// <param name="count">How many.</param>
    /// <param name="offset">Where in the lease.</param>
    public Request Download(ScratchLease source, int count, int offset = 0)
    {
        ArgumentNullException.ThrowIfNull(source);
        var address = source.AddressOf(offset, count);
        return Add(new Request(this, source.Calls.Write.Number, Request.Arguments.Of([SysreqClient.Descriptor, address, count]))
        {
            Incoming = GC.AllocateUninitializedArray<byte>(count),
        });
    }

    internal void OneSent() => Interlocked.Increment(ref _outstanding);

    /// <summary>The sender sends no more of it, or one more of it was answered.</summary>
    internal void OneDone()
    {
        if (Interlocked.Decrement(ref _outstanding) == 0)
            _answered.TrySetResult();
    }

    internal void Fail(Exception error)
    {
        _answered.TrySetException(error);

        // Whoever sent it may be gone already, cancelled.
        _ = _answered.Task.Exception;
    }

    private Request Add(Request request)
    {
        _requests.Add(request);
        return request;
    }
}
