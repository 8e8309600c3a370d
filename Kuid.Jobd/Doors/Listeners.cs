using Kuid.Jobd.Core.Descriptors;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Doors;

/// <summary>The sockets of one door. It owns their listeners.</summary>
internal sealed class Listeners(Reactor reactor, IDoor door, ILogger<Listener> log) : IDisposable
{
    private readonly List<(string Name, Listener Listener)> _listeners = [];
    private readonly List<Task> _loops = [];
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Their addresses.</summary>
    internal IEnumerable<string> Names => _listeners.Select(listener => listener.Name);

    /// <summary>Takes a socket over.</summary>
    internal void Add(ListeningSocket socket) => _listeners.Add((socket.Name, new Listener(socket, reactor, door, log)));

    /// <summary>Begins to accept on all of them.</summary>
    internal void Start() => _listeners.ForEach(listener => _loops.Add(listener.Listener.RunAsync(_stopping.Token)));

    /// <summary>Accepts no more than those who are connected already, and removes the paths.</summary>
    internal async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_loops);
        _listeners.ForEach(listener => listener.Listener.TakeTheLast());
        Dispose();
    }

    /// <summary>Accepts no more and removes the paths.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        _listeners.ForEach(listener => listener.Listener.Dispose());
        _listeners.Clear();
    }
}
