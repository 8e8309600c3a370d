using System.Globalization;
using Kuid.Jobd.Core.Access;
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
    private readonly ServedConnections _connections;
    private readonly ILogger<CoprocessDoor> _log;
    private readonly AccessGate _gate;

    /// <summary>A door that serves no connection yet.</summary>
    /// <param name="gate">Decides who may run jobs.</param>
    /// <param name="maxConnections">How many connections are served at once.</param>
    internal CoprocessDoor(
        Reactor reactor, Spawner spawner, JobService jobs, AccessGate gate, CoprocessOptions options, int maxConnections, ILogger<CoprocessDoor> log)
    {
        _log = log;
        _gate = gate;
        _connections = new ServedConnections(reactor, maxConnections, ServeAsync, e => Log.CoprocessFailed(log, e));

        async Task ServeAsync(Descriptor socket, CancellationToken stopping)
        {
            await using var session = new CoprocessSession(spawner, reactor, options.Shell, jobs.Isolation);
            await new CoprocessExchange(socket, PeerCredentials.Of(socket.Fd), jobs, gate, session, options.MessageBytes, log).RunAsync(stopping);
        }
    }

    /// <inheritdoc/>
    public string? Name => "coprocess";

    /// <inheritdoc/>
    public bool RunsAnything => true;

    /// <inheritdoc/>
    public int MaxConnections => _connections.Most;

    /// <inheritdoc/>
    public int Connections => _connections.Count;

    /// <inheritdoc/>
    public void Open(SafeFd connection, UnixFileMode socketMode)
    {
        PeerCredentials peer = PeerCredentials.Of(connection);
        if (!_gate.Decide("coprocess", peer.AsCaller(connection, socketMode), "connect", Scope.Run).IsAllowed)
        {
            Refuse(connection, $"{peer.Principal} may not use this socket");
        }
        else if (!_connections.TryServe(connection))
        {
            RefuseForWantOfDescriptors(connection);
        }
        else
        {
            return;
        }

        connection.Dispose();
    }

    /// <inheritdoc/>
    public void RefuseForWantOfDescriptors(SafeFd connection) => Refuse(connection, "there are too many connections, try again later");

    /// <inheritdoc/>
    public Task StopAsync() => _connections.StopAsync();

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
