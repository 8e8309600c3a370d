using System.Collections.Concurrent;
using Kuid.Jobd.Core.Processes.Isolation;
using Kuid.Jobd.Core.Storage;
using Kuid.Sysreq.Remote;

namespace Kuid.Jobd.Core.Hosts;

/// <summary>
/// The hosts that pipelines can name: <see cref="Local"/>, those of the configuration, and those that clients have added, in this
/// order of precedence. Where there is no name, there is an address.
/// </summary>
/// <param name="configured">The names and addresses of the configuration as it is now.</param>
/// <param name="history">Where those of clients are kept.</param>
/// <param name="transports">Makes connections.</param>
public sealed class HostTable(Func<IReadOnlyDictionary<string, string>> configured, History history, HostTransports transports)
{
    /// <summary>The machine that the daemon runs on.</summary>
    public const string Local = "local";

    private readonly ConcurrentDictionary<string, string> _added = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _changing = new(1, 1);

    /// <summary>All of them: the local one, then by name.</summary>
    public IReadOnlyList<HostEntry> All =>
    [
        new HostEntry(Local, Local, HostSource.Builtin),
        .. configured().Keys.Union(_added.Keys, StringComparer.Ordinal).Where(name => name != Local).Order(StringComparer.Ordinal).Select(Find).OfType<HostEntry>(),
    ];

    /// <summary>Reads those that are kept; once, before anything is looked up.</summary>
    /// <exception cref="StoreException">The history cannot be read.</exception>
    public async Task LoadAsync()
    {
        foreach (HostRecord host in await history.HostsAsync())
        {
            _added[host.Name] = host.Address;
        }
    }

    /// <summary>A host by its name; null when there is none.</summary>
    public HostEntry? Find(string name) =>
        name == Local ? new HostEntry(Local, Local, HostSource.Builtin)
        : configured().TryGetValue(name, out string? address) ? new HostEntry(name, address, HostSource.Config)
        : _added.TryGetValue(name, out address) ? new HostEntry(name, address, HostSource.Client)
        : null;

    /// <summary>The least isolation that jobs have, which clients could have less than by way of a host.</summary>
    public IsolationProfile LeastIsolation { get; init; } = IsolationProfile.None;

    /// <summary>Where a host is that is given by its name or its address.</summary>
    /// <exception cref="FormatException">It is neither, or not to be had with the least isolation; the message says what there is.</exception>
    public HostAddress Resolve(string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return Find(host) is { } entry ? Allowed(HostAddress.Parse(entry.Address), entry.Source)
            : host.Contains(':', StringComparison.Ordinal) ? Allowed(HostAddress.Parse(host), HostSource.Client)
            : throw new FormatException(
                $"there is no host \"{host}\"; allowed are a name of GET /v1/hosts, unix:PATH, tcp:HOST:PORT, tls:HOST:PORT and exec:COMMAND");
    }

    /// <summary>The way to a host.</summary>
    /// <exception cref="FormatException">There is none of that name or address, or it is not to be had with the least isolation.</exception>
    public ITransport TransportTo(string host) => transports.To(Resolve(host));

    /// <summary>Adds a host, or gives it another address; completes when it is on disk.</summary>
    /// <exception cref="FormatException">The address is none, or not to be had with the least isolation.</exception>
    /// <exception cref="StoreException">The history cannot be written.</exception>
    public async Task<HostChange> PutAsync(string name, string address)
    {
        string written = Allowed(HostAddress.Parse(address), HostSource.Client).ToString()!;
        await _changing.WaitAsync();
        try
        {
            if (Find(name) is { Source: not HostSource.Client })
            {
                return HostChange.ReadOnly;
            }

            await history.PutHostAsync(new HostRecord(name, written));
            bool added = !_added.ContainsKey(name);
            _added[name] = written;
            return added ? HostChange.Added : HostChange.Replaced;
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Removes a host that a client has added. What is being evaluated on it goes on.</summary>
    /// <exception cref="StoreException">The history cannot be written.</exception>
    public async Task<HostChange> DeleteAsync(string name)
    {
        await _changing.WaitAsync();
        try
        {
            switch (Find(name))
            {
                case null:
                    return HostChange.NoSuchHost;
                case { Source: not HostSource.Client }:
                    return HostChange.ReadOnly;
                default:
                    await history.DeleteHostAsync(name);
                    _added.TryRemove(name, out _);
                    return HostChange.Removed;
            }
        }
        finally
        {
            _changing.Release();
        }
    }

    // The command of exec: is a process of the daemon's with no isolation at all, and the local server makes a pipeline's system calls
    // as the daemon's user. Who writes the configuration may want that; a client could do by it what no job of his may.
    private HostAddress Allowed(HostAddress address, HostSource source) => (address, source) switch
    {
        (_, HostSource.Config) => address,
        (ExecAddress, _) when LeastIsolation > IsolationProfile.None => throw NotIsolated("exec: runs a command without isolation"),
        (LocalAddress, _) when LeastIsolation > IsolationProfile.Basic => throw NotIsolated("local is the daemon's user"),
        _ => address,
    };

    private FormatException NotIsolated(string why) => new(
        $"{why}, and isolation-minimum is {LeastIsolation.ToString().ToLowerInvariant()}; allowed are hosts of the configuration and unix:PATH, tcp:HOST:PORT, tls:HOST:PORT");
}
