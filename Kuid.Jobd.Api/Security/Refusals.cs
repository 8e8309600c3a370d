using Kuid.Jobd.Api.Problems;
using Kuid.Jobd.Core.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Api.Security;

/// <summary>
/// What is refused before anybody asks who it is: requests under a foreign name, from a foreign page, from a foreign user.
/// </summary>
/// <remarks>
/// A daemon that runs commands is a target of every web page that its user opens. A page can make a browser send requests to
/// the loopback, and with a name of its own that resolves to 127.0.0.1 read the answers too. The Host and Origin that browsers
/// add cannot be forged by a page, so these two rules stand in front of everything, tokens included.
/// </remarks>
internal static class Refusals
{
    /// <summary>Adds the rules, the first of all the pipeline's.</summary>
    internal static void UseRefusals(this IApplicationBuilder app, HostRule hosts, AccessGate gate, ILogger log) => app.Use(next => context =>
    {
        (ProblemCode Code, string Detail)? refusal = Of(context, hosts, gate);
        if (refusal is not { } why)
        {
            return next(context);
        }

        Log.Refused(log, Principals.OfPeer(context), why.Detail);
        return ProblemWriter.WriteAsync(context, why.Code, why.Detail);
    });

    private static (ProblemCode Code, string Detail)? Of(HttpContext context, HostRule hosts, AccessGate gate)
    {
        HttpRequest request = context.Request;
        if (!hosts.Allows(request.Host))
        {
            return (ProblemCode.Host, $"the Host \"{request.Host}\" is not one of this daemon's, which are {hosts.Names}");
        }

        if (OriginRule.Refuses(request) is { } origin)
        {
            return (ProblemCode.Origin, $"requests from pages of {origin} are refused");
        }

        return context.Features.Get<Peer>()?.AsCaller() is { } caller && gate.ScopesOf(caller).IsEmpty
            ? (ProblemCode.Forbidden, "this socket is for the daemon's own user and root")
            : null;
    }
}
