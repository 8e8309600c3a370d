using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Security;

/// <summary>The names that the daemon answers to, on any port. A name that only resolves to the loopback is not among them.</summary>
internal static class HostRule
{
    private static readonly string[] Allowed = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>The names for a message.</summary>
    internal static string Names { get; } = string.Join(", ", Allowed);

    /// <summary>Whether a request's Host is one of them. Exactly: <c>localhost.</c> is another name.</summary>
    internal static bool Allows(HostString host) =>
        Allowed.Contains(host.Host, StringComparer.OrdinalIgnoreCase) && (host.Port is not null || host.Value == host.Host);
}
