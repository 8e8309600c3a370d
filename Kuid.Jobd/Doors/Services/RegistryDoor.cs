using Kuid.Jobd.Core.Access;
using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Fanos;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Services;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Doors.Services;

/// <summary>The door for subservers, which offer names and run the calls of them.</summary>
internal sealed class RegistryDoor : IDoor
{
    /// <summary>How many subservers are served at once: each has a name at most, and more would be a fault of theirs.</summary>
    internal const int Wanted = 1000;

    // A message is some hundred bytes of a program's on this machine.
    private static readonly TimeSpan MessageTime = TimeSpan.FromSeconds(30);

    private readonly ServiceRegistry _registry;
    private readonly AccessGate _gate;
    private readonly ServedConnections _connections;
    private readonly ILogger _log;

    internal RegistryDoor(Reactor reactor, ServiceRegistry registry, AccessGate gate, int most, ILogger<RegistryDoor> log)
    {
        _registry = registry;
        _gate = gate;
        _log = log;
        _connections = new ServedConnections(
            reactor, most, new Newcomers("registry", most, log), ReadOnlyMemory<byte>.Empty, ServeAsync, e => Log.SubserverFailed(log, e));
    }

    /// <inheritdoc/>
    public string? Name => "registry";

    /// <inheritdoc/>
    public bool RunsAnything => false;

    /// <inheritdoc/>
    public int MaxConnections => _connections.Most;

    /// <inheritdoc/>
    public int Connections => _connections.Count;

    /// <inheritdoc/>
    public void Open(SafeFd connection, UnixFileMode socketMode)
    {
        AccessDecision decision = _gate.Decide("registry", PeerCredentials.Of(connection).AsCaller(connection, socketMode), "offer", Scope.Run);
        if (!decision.IsAllowed || !_connections.TryServe(connection))
        {
            connection.Dispose();
        }
        else
        {
            _gate.Note(decision);
        }
    }

    /// <inheritdoc/>
    public void RefuseForWantOfDescriptors(SafeFd connection)
    {
        // It finds the connection closed, and comes back when it has waited.
    }

    /// <inheritdoc/>
    public Task StopAsync() => _connections.StopAsync();

    private async Task ServeAsync(Descriptor socket, Newcomer newcomer, CancellationToken stopping)
    {
        uint owner = PeerCredentials.Of(socket.Fd).UserId!.Value;
        var subserver = new SubserverConnection(_registry, owner, LibcAccounts.UserName(owner));
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping, newcomer.Dropped);
        Log.SubserverCame(_log, owner);
        subserver.Welcome(Program.Version);
        Task sending = SendAsync(socket, subserver, over.Token);
        Task receiving = ReceiveAsync(socket, subserver, newcomer, over.Token);
        await Task.WhenAny(sending, receiving);

        // Its names go before anything else is waited for.
        subserver.Close();
        await over.CancelAsync();
        await Task.WhenAll(sending, receiving);
        Log.SubserverLeft(_log, owner);
    }

    private async Task ReceiveAsync(Descriptor socket, SubserverConnection subserver, Newcomer newcomer, CancellationToken over)
    {
        try
        {
            var reader = new FanosReader(socket, RegistryMessage.MaxBytes, MessageTime);
            while (await reader.ReadAsync(over) is { } received)
            {
                using (received)
                {
                    subserver.Receive(RegistryMessage.Parse(received.Payload));
                    newcomer.HasSpoken();
                }
            }
        }
        catch (Exception e) when (e is FanosException or FormatException or OverflowException)
        {
            Log.SubserverRefused(_log, subserver.OwnerId, e.Message);
        }
        catch (Exception e) when (e is NativeException or OperationCanceledException)
        {
            // It has gone, or the daemon stops.
        }
    }

    private static async Task SendAsync(Descriptor socket, SubserverConnection subserver, CancellationToken over)
    {
        try
        {
            await foreach (OutgoingMessage outgoing in subserver.Outgoing.ReadAllAsync(over))
            {
                await FanosWriter.WriteAsync(
                    socket, outgoing.Message.ToPayload(), outgoing.Descriptor is { } descriptor ? [descriptor] : [], over);
                outgoing.Descriptor?.Dispose();
            }
        }
        catch (Exception e) when (e is NativeException or OperationCanceledException)
        {
            // It has gone, or the daemon stops.
        }
    }
}
