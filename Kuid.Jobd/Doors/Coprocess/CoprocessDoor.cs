using System.Globalization;
using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Processes;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Doors.Coprocess;

/// <summary>
/// The coprocess door: requests with descriptors, one session a connection. It owns the connections and closes each when its exchange
/// is over.
/// </summary>
internal sealed class CoprocessDoor : IDoor
{
    private readonly Reactor _reactor;
    private readonly Spawner _spawner;
    private readonly JobService _jobs;
    private readonly CoprocessOptions _options;
    private readonly int _maxConnections;
    private readonly ILogger<CoprocessDoor> _log;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _connections;

    /// <summary>A door that serves no connection yet.</summary>
    /// <param name="maxConnections">How many connections are served at once.</param>
    internal CoprocessDoor(
        Reactor reactor, Spawner spawner, JobService jobs, CoprocessOptions options, int maxConnections, ILogger<CoprocessDoor> log)
    {
        _reactor = reactor;
        _spawner = spawner;
        _jobs = jobs;
        _options = options;
        _maxConnections = maxConnections;
        _log = log;
    }

    /// <summary>How many connections are open at this moment.</summary>
    internal int Connections => Volatile.Read(ref _connections);

    /// <inheritdoc/>
    public void Open(SafeFd connection, UnixFileMode socketMode)
    {
        if (Interlocked.Increment(ref _connections) > _maxConnections)
        {
            RefuseForWantOfDescriptors(connection);
            connection.Dispose();
            Leave();
            return;
        }

        _ = ServeAsync(connection, socketMode);
    }

    /// <inheritdoc/>
    public void RefuseForWantOfDescriptors(SafeFd connection) => Refuse(connection, "there are too many connections, try again later");

    /// <summary>Ends the connections that wait for a request, and waits until the others have their replies.</summary>
    internal async Task StopAsync()
    {
        await _stopping.CancelAsync();
        if (Connections > 0)
        {
            await _idle.Task;
        }
    }

    // A fault in one exchange is that exchange's: it is logged and its connection closed.
    private async Task ServeAsync(SafeFd connection, UnixFileMode socketMode)
    {
        // Leaves the accept loop here: no peer's bytes are touched on it.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            PeerCredentials peer = PeerCredentials.Of(connection);
            if (!peer.MayUse(socketMode))
            {
                Refuse(connection, $"{peer.Principal} may not use this socket");
                return;
            }

            using var socket = new Descriptor(_reactor, connection, EpollEvents.In | EpollEvents.Out | EpollEvents.ReadHangUp);
            await using var session = new CoprocessSession(_spawner, _reactor, _options.Shell);
            await new CoprocessExchange(socket, peer, _jobs, session, _options.MessageBytes, _log).RunAsync(_stopping.Token);
        }
        catch (Exception e)
        {
            Log.CoprocessFailed(_log, e);
        }
        finally
        {
            connection.Dispose();
            Leave();
        }
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _connections) == 0 && _stopping.IsCancellationRequested)
        {
            _idle.TrySetResult();
        }
    }

    // A Unix socket that is closed before it was read still gives its peer what was written to it.
    private void Refuse(SafeFd connection, string reason)
    {
        Log.CoprocessRefused(_log, "a client", reason);
        byte[] error = CoprocessReply.Error(reason + "; nothing was done");
        byte[] length = System.Text.Encoding.ASCII.GetBytes(error.Length.ToString(CultureInfo.InvariantCulture));
        try
        {
            LibcIo.Write(connection, [.. length, (byte)':', .. error, (byte)',']);
        }
        catch (NativeException)
        {
            // It has gone already.
        }
    }
}
