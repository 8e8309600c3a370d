using Kuid.Jobd.Core.Access;
using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Services;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Doors.Services;

/// <summary>The door for callers of services: one call a connection.</summary>
internal sealed class ServicesDoor : IDoor
{
    private readonly ServedConnections _connections;
    private readonly AccessGate _gate;

    internal ServicesDoor(
        Reactor reactor, ServiceRegistry registry, ServiceExecutor executor, JobService jobs, AccessGate gate, ServicesOptions options, int most,
        ILogger<ServicesDoor> log)
    {
        Log = log;
        _gate = gate;
        _connections = new ServedConnections(reactor, most, ServeAsync, e => Jobd.Log.CallFailed(log, e));

        async Task ServeAsync(Descriptor socket, CancellationToken stopping)
        {
            var exchange = new CallExchange(socket, PeerCredentials.Of(socket.Fd), reactor, registry, executor, jobs, gate, options, log);
            await exchange.RunAsync(stopping);
        }
    }

    /// <inheritdoc/>
    public string? Name => "services";

    /// <inheritdoc/>
    public bool RunsAnything => false;

    /// <inheritdoc/>
    public int MaxConnections => _connections.Most;

    /// <summary>How many connections are open, with those whose socket a subserver has.</summary>
    public int Connections => _connections.Count;

    private ILogger Log { get; }

    /// <inheritdoc/>
    public void Open(SafeFd connection, UnixFileMode socketMode)
    {
        PeerCredentials peer = PeerCredentials.Of(connection);
        if (_gate.ScopesOf(peer.AsCaller(connection, socketMode)).IsEmpty)
        {
            _gate.Note(new AccessDecision(IsAllowed: false, "services", peer.Principal, "connect", Needed: null));
            Refuse(connection, $"this socket is for the daemon's own user and root, not for {peer.Principal}");
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
    public void RefuseForWantOfDescriptors(SafeFd connection) => Refuse(connection, "too many calls at once; try again later");

    /// <inheritdoc/>
    public Task StopAsync() => _connections.StopAsync();

    private void Refuse(SafeFd connection, string text)
    {
        Jobd.Log.CallRefused(Log, "unknown", text);
        try
        {
            LibcIo.Write(connection, new CallRejection(text).ToLine());
            LibcSocket.Shutdown(connection);
        }
        catch (NativeException)
        {
            // It has gone already.
        }
    }
}
