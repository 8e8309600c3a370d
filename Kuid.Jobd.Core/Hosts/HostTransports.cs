using Kuid.Jobd.Core.Processes;
using Kuid.Sysreq.Remote;

namespace Kuid.Jobd.Core.Hosts;

/// <summary>Makes the way to an address.</summary>
/// <param name="spawner">Starts the commands of <c>exec:</c>.</param>
/// <param name="local">The server of this machine.</param>
public sealed class HostTransports(Spawner spawner, LocalServer local)
{
    /// <summary>The way to an address; nothing is opened yet.</summary>
    public ITransport To(HostAddress address) =>
        address is LocalAddress ? new LocalServerTransport(local) : address.ToTransport(new CommandStarter(spawner));
}
