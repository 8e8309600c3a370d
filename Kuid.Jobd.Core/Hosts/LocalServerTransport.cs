using Kuid.Sysreq.Remote;

namespace Kuid.Jobd.Core.Hosts;

/// <summary>The way to the server of this machine.</summary>
internal sealed class LocalServerTransport(LocalServer server) : ITransport
{
    /// <inheritdoc/>
    public ValueTask<Stream> OpenAsync(CancellationToken cancellationToken) => server.OpenAsync(cancellationToken);
}
