using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Security;

/// <summary>Who asks, by the name that jobs and log lines carry: <c>uid:1000</c> on the Unix socket, <c>token</c> on TCP.</summary>
internal static class Principals
{
    /// <summary>The type of the claims that carry scopes.</summary>
    internal const string ScopeClaim = "scope";

    /// <summary>The name of who has been authenticated.</summary>
    internal static string Of(HttpContext context) =>
        context.User.Identity?.Name ?? throw new InvalidOperationException("This operation needs no scope and so has no principal.");

    /// <summary>The name of who is at the other end, whoever they claim to be.</summary>
    internal static string OfPeer(HttpContext context) => context.Features.Get<Peer>() is { UserId: { } uid }
        ? string.Create(CultureInfo.InvariantCulture, $"uid:{uid}")
        : "tcp:" + context.Connection.RemoteIpAddress;

    /// <summary>The user of a Unix socket.</summary>
    internal static ClaimsPrincipal OfUser(HttpContext context) => Of(OfPeer(context), Enum.GetNames<Scope>());

    /// <summary>Whoever has the token.</summary>
    internal static ClaimsPrincipal OfToken(AccessTokens.Grant grant) => Of(grant.Principal, grant.Scopes);

    private static ClaimsPrincipal Of(string name, IEnumerable<string> scopes)
    {
        var identity = new ClaimsIdentity(TokenHandler.Scheme);
        identity.AddClaim(new Claim(identity.NameClaimType, name));
        identity.AddClaims(scopes.Select(scope => new Claim(ScopeClaim, scope)));
        return new ClaimsPrincipal(identity);
    }
}
