using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Doors;

/// <summary>The connections of one door: how many there may be, the task of each, and the end of them all. It owns them.</summary>
/// <param name="most">How many are served at once.</param>
/// <param name="serveAsync">Serves one, to its end or until the door is closed.</param>
/// <param name="failed">Told of a fault in one, which is that one's: its connection is closed and the others go on.</param>
internal sealed class ServedConnections(
    Reactor reactor, int most, Func<Descriptor, CancellationToken, Task> serveAsync, Action<Exception> failed)
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;

    /// <summary>How many are served at once.</summary>
    internal int Most => most;

    /// <summary>How many are open at this moment.</summary>
    internal int Count => Volatile.Read(ref _count);

    /// <summary>Takes a connection over and serves it, when there is room for one more.</summary>
    /// <returns>False when there is none; the connection stays the caller's.</returns>
    internal bool TryServe(SafeFd connection)
    {
        if (Interlocked.Increment(ref _count) > most)
        {
            Leave();
            return false;
        }

        _ = ServeAsync(connection);
        return true;
    }

    /// <summary>Has each end as soon as it can, and waits for that.</summary>
    internal async Task StopAsync()
    {
        await _stopping.CancelAsync();
        if (Count > 0)
        {
            await _idle.Task;
        }
    }

    private async Task ServeAsync(SafeFd connection)
    {
        // Leaves the accept loop here: no peer's bytes are touched on it.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            using var socket = new Descriptor(reactor, connection, EpollEvents.In | EpollEvents.Out | EpollEvents.ReadHangUp);
            await serveAsync(socket, _stopping.Token);
        }
        catch (Exception e)
        {
            failed(e);
        }
        finally
        {
            connection.Dispose();
            Leave();
        }
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _count) == 0 && _stopping.IsCancellationRequested)
        {
            _idle.TrySetResult();
        }
    }
}
