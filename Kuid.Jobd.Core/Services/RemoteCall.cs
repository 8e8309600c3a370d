namespace Kuid.Jobd.Core.Services;

/// <summary>A call that a subserver has been given.</summary>
/// <param name="id">Its number, the job's.</param>
internal sealed class RemoteCall(long id, SubserverConnection subserver)
{
    private readonly TaskCompletionSource<int> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<CallEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the process id when the program runs, if it ever does.</summary>
    internal Task<int> Started => _started.Task;

    /// <summary>Completes when the call is over, or its subserver has gone.</summary>
    internal Task<CallEnd> Ended => _ended.Task;

    /// <summary>Has the program ended; the second time at once.</summary>
    internal void RequestEnd() => subserver.Send(RegistryMessage.Of(RegistryVerb.End, id));

    internal void HasStarted(int pid) => _started.TrySetResult(pid);

    internal void HasEnded(CallEnd end) => _ended.TrySetResult(end);
}
