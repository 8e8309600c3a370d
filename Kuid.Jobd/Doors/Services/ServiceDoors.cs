using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Services;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Doors.Services;

/// <summary>The two doors of services, with the sockets of both. It owns the listeners.</summary>
internal sealed class ServiceDoors : IDisposable
{
    private readonly ServicesDoor _callers;
    private readonly RegistryDoor _subservers;
    private readonly Listeners _callerSockets;
    private readonly Listeners _subserverSockets;

    private ServiceDoors(ServicesDoor callers, RegistryDoor subservers, Listeners callerSockets, Listeners subserverSockets) =>
        (_callers, _subservers, _callerSockets, _subserverSockets) = (callers, subservers, callerSockets, subserverSockets);

    /// <summary>Their addresses.</summary>
    internal IEnumerable<string> Names =>
        [.. _callerSockets.Names.Select(name => "services " + name), .. _subserverSockets.Names.Select(name => "registry " + name)];

    /// <summary>How many callers are connected.</summary>
    internal int Connections => _callers.Connections;

    /// <summary>Opens those that are wanted.</summary>
    /// <param name="most">How many callers are served at once.</param>
    /// <exception cref="StartException">Says why one cannot be had.</exception>
    internal static ServiceDoors Open(
        ServicesOptions options, DataFolder folder, int most, Reactor reactor, ServiceRegistry registry, ServiceExecutor executor,
        JobService jobs, ILoggerFactory log)
    {
        var callers = new ServicesDoor(reactor, registry, executor, jobs, options, most, log.CreateLogger<ServicesDoor>());
        var subservers = new RegistryDoor(reactor, registry, log.CreateLogger<RegistryDoor>());
        var doors = new ServiceDoors(
            callers, subservers, new Listeners(reactor, callers, log.CreateLogger<Listener>()), new Listeners(reactor, subservers, log.CreateLogger<Listener>()));
        try
        {
            if (options.Address is { } address)
            {
                doors._callerSockets.Add(ListeningSocket.Open(address, options.Mode, group: null));
            }

            if (options.RegistryPath(folder.Path) is { } path)
            {
                doors._subserverSockets.Add(ListeningSocket.OpenShared(AddressOf(path), options.RegistryMode));
            }

            return doors;
        }
        catch
        {
            doors.Dispose();
            throw;
        }
    }

    /// <summary>Begins to accept: subservers first, for callers ask for what those offer.</summary>
    internal void Start()
    {
        _subserverSockets.Start();
        _callerSockets.Start();
    }

    /// <summary>Accepts nobody new.</summary>
    internal async Task CloseSocketsAsync()
    {
        await _callerSockets.StopAsync();
        await _subserverSockets.StopAsync();
    }

    /// <summary>Waits for the callers, whose calls end with the jobs.</summary>
    internal Task StopCallersAsync() => _callers.StopAsync();

    /// <summary>Lets the subservers go, who are needed for as long as a job is a call.</summary>
    internal Task StopSubserversAsync() => _subservers.StopAsync();

    /// <inheritdoc/>
    public void Dispose()
    {
        _callerSockets.Dispose();
        _subserverSockets.Dispose();
    }

    private static SocketAddress AddressOf(string path)
    {
        try
        {
            return SocketAddress.OfPath(path);
        }
        catch (FormatException e)
        {
            throw new StartException($"--services-registry: {e.Message}; give a shorter one", ExitCode.Usage);
        }
    }
}
