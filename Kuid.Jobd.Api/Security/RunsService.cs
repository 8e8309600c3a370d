using Kuid.Jobd.Core.Access;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kuid.Jobd.Api.Security;

/// <summary>An operation that runs the service which its path names, for those who read its metadata.</summary>
internal sealed record RunsService
{
    /// <summary>Whether who asks may do what needs a scope: by that scope, or, where a service is run, by that service's.</summary>
    internal static bool IsAllowed(AuthorizationHandlerContext asked, Scope scope) => AccessGate.Allows(
        Principals.ScopesOf(asked.User),
        scope,
        asked.Resource is HttpContext context && context.GetEndpoint()?.Metadata.GetMetadata<RunsService>() is not null
            ? (string)context.GetRouteValue("name")!
            : null);
}
