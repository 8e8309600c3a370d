using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Doors;

/// <summary>The connections of one door: how many there may be, the task of each, and the end of them all. It owns them.</summary>
/// <param name="most">How many are served at once.</param>
/// <param name="newcomers">Those of them that have said nothing yet.</param>
/// <param name="refusal">What one is told that is dropped for another.</param>
/// <param name="serveAsync">
/// Serves one, to its end or until the door is closed. It says when the newcomer has spoken, and until then ends with its token.
/// </param>
/// <param name="failed">Told of a fault in one, which is that one's: its connection is closed and the others go on.</param>
internal sealed class ServedConnections(
    Reactor reactor, int most, Newcomers newcomers, ReadOnlyMemory<byte> refusal, Func<Descriptor, Newcomer, CancellationToken, Task> serveAsync,
    Action<Exception> failed)
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
        int open = Interlocked.Increment(ref _count);
        if (open > most && (open > most + Newcomers.DroppedAtOnce || !newcomers.TryDropOldest()))
        {
            Leave();
            return false;
        }

        _ = ServeAsync(connection, newcomers.Enter());
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

    private async Task ServeAsync(SafeFd connection, Newcomer newcomer)
    {
        // Leaves the accept loop here: no peer's bytes are touched on it.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            using var socket = new Descriptor(reactor, connection, EpollEvents.In | EpollEvents.Out | EpollEvents.ReadHangUp);
            try
            {
                await serveAsync(socket, newcomer, _stopping.Token);
            }
            catch (OperationCanceledException) when (newcomer.Dropped.IsCancellationRequested)
            {
                CurtRefusal.Send(connection, refusal.Span);
            }
        }
        catch (Exception e)
        {
            failed(e);
        }
        finally
        {
            newcomer.Dispose();
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
