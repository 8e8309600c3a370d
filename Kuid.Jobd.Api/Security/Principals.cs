using System.Globalization;
using System.Security.Claims;
using Kuid.Jobd.Core.Access;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Security;

/// <summary>Who asks, by the name that jobs and log lines carry: <c>uid:1000</c> on the Unix socket, <c>token</c> and <c>token:NAME</c> on TCP.</summary>
internal static class Principals
{
    /// <summary>The name of who has been authenticated.</summary>
    internal static string Of(HttpContext context) =>
        context.User.Identity?.Name ?? throw new InvalidOperationException("This operation needs no scope and so has no principal.");

    /// <summary>The name of who is at the other end, whoever they claim to be.</summary>
    internal static string OfPeer(HttpContext context) => context.Features.Get<Peer>() is { UserId: { } uid }
        ? string.Create(CultureInfo.InvariantCulture, $"uid:{uid}")
        : "tcp:" + context.Connection.RemoteIpAddress;

    /// <summary>What somebody who has been authenticated may do.</summary>
    internal static ScopeSet ScopesOf(ClaimsPrincipal user) => (user.Identity as ScopedIdentity)?.Scopes ?? ScopeSet.None;

    /// <summary>Somebody who has been authenticated.</summary>
    internal static ClaimsPrincipal Of(string name, ScopeSet scopes) => new(new ScopedIdentity(name, scopes));

    // Scopes are no claims: a set that includes others is not a list of words to compare.
    private sealed class ScopedIdentity : ClaimsIdentity
    {
        internal ScopedIdentity(string name, ScopeSet scopes)
            : base(TokenHandler.Scheme)
        {
            AddClaim(new Claim(NameClaimType, name));
            Scopes = scopes;
        }

        internal ScopeSet Scopes { get; }
    }
}
