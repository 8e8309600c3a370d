using Kuid.Jobd.Core.Descriptors;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Doors;

/// <summary>Doors that take connections themselves, with their sockets, started and stopped together. It owns the listeners.</summary>
internal sealed class RawDoors(Reactor reactor, ILogger<Listener> log) : IDisposable
{
    private readonly List<(IDoor Door, Listeners Sockets)> _doors = [];

    /// <summary>What they listen on, how many connections each serves, and whether it runs what it is told.</summary>
    internal IEnumerable<(string Name, int MaxConnections, bool RunsAnything)> Listening =>
        from each in _doors
        from socket in each.Sockets.Names
        select (each.Door.Name is { } name ? $"{name} {socket}" : socket, each.Door.MaxConnections, each.Door.RunsAnything);

    /// <summary>How many connections are open at this moment.</summary>
    internal int Connections => _doors.Sum(each => each.Door.Connections);

    /// <summary>Adds a door, and takes its sockets over as they are opened.</summary>
    /// <exception cref="StartException">One of them cannot be had.</exception>
    internal void Add(IDoor door, IEnumerable<ListeningSocket> sockets)
    {
        var listeners = new Listeners(reactor, door, log);
        _doors.Add((door, listeners));
        foreach (ListeningSocket socket in sockets)
        {
            listeners.Add(socket);
        }
    }

    /// <summary>Begins to accept.</summary>
    internal void Start() => _doors.ForEach(each => each.Sockets.Start());

    /// <summary>Accepts no more than those who are connected already, and removes the paths.</summary>
    internal async Task CloseSocketsAsync()
    {
        foreach ((_, Listeners sockets) in _doors)
        {
            await sockets.StopAsync();
        }
    }

    /// <summary>Ends the connections that want nothing yet and waits until the others have had their answers.</summary>
    internal Task StopAsync() => Task.WhenAll(_doors.Select(each => each.Door.StopAsync()));

    /// <inheritdoc/>
    public void Dispose() => _doors.ForEach(each => each.Sockets.Dispose());
}
