using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Api.Problems;
using Kuid.Jobd.Core.Hosts;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>DELETE /v1/hosts/{name}</c>: removes a host that a client has added.</summary>
internal sealed class DeleteHost(HostTable hosts)
{
    internal async Task HandleAsync(HttpContext context)
    {
        string name = HostName.Of(context);
        context.Response.StatusCode = await hosts.DeleteAsync(name) switch
        {
            HostChange.Removed => StatusCodes.Status204NoContent,
            HostChange.ReadOnly => throw HostName.ReadOnly(name),
            _ => throw ProblemException.NoSuchHost(name),
        };
    }
}
