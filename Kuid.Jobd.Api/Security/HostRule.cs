using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Security;

/// <summary>The names that the daemon answers to, on any port. A name that only resolves to one of its addresses is not among them.</summary>
/// <param name="further">Those beside the loopback's, which the configuration gives it.</param>
internal sealed class HostRule(IReadOnlyCollection<string> further)
{
    private static readonly string[] Loopback = ["localhost", "127.0.0.1", "[::1]"];

    private readonly string[] _allowed = [.. Loopback, .. further];

    /// <summary>The names for a message.</summary>
    internal string Names => string.Join(", ", _allowed);

    /// <summary>Whether a request's Host is one of them. Exactly: <c>localhost.</c> is another name.</summary>
    internal bool Allows(HostString host) =>
        _allowed.Contains(host.Host, StringComparer.OrdinalIgnoreCase) && (host.Port is not null || host.Value == host.Host);
}
