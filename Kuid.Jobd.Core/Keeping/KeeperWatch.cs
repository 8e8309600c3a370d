using System.Collections.Concurrent;
using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Core.Keeping;

/// <summary>
/// Says when the log of a keeper has grown: one inotify descriptor for the folder of all of them, which it owns. A keeper tells
/// nobody itself, for it does not know which daemon is there.
/// </summary>
internal sealed class KeeperWatch : IDisposable
{
    private readonly Descriptor _inotify;
    private readonly ConcurrentDictionary<string, Signal> _signals = new(StringComparer.Ordinal);

    /// <exception cref="NativeException">The folder cannot be watched.</exception>
    internal KeeperWatch(Reactor reactor, string folder)
    {
        SafeFd inotify = LibcInotify.Watch(folder);
        try
        {
            _inotify = new Descriptor(reactor, inotify, EpollEvents.In);
        }
        catch
        {
            inotify.Dispose();
            throw;
        }

        _ = ListenAsync();
    }

    /// <summary>A signal that is raised whenever a file of this name has grown, from now on.</summary>
    internal Signal Of(string name) => _signals.GetOrAdd(name, static _ => new Signal());

    /// <summary>Forgets a file.</summary>
    internal void Forget(string name) => _signals.TryRemove(name, out _);

    public void Dispose() => _inotify.Dispose();

    private async Task ListenAsync()
    {
        byte[] events = new byte[16 * 1024];
        try
        {
            while (true)
            {
                int n = await _inotify.ReadAsync(events);
                foreach (string? name in LibcInotify.Names(events.AsMemory(0, n)))
                {
                    Raise(name);
                }
            }
        }
        catch (ObjectDisposedException)
        {
            // The daemon ends.
        }
    }

    private void Raise(string? name)
    {
        if (name is null)
        {
            foreach (Signal signal in _signals.Values)
            {
                signal.Raise();
            }
        }
        else if (_signals.TryGetValue(name, out Signal? signal))
        {
            signal.Raise();
        }
    }
}
