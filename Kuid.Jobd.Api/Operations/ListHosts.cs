using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Core.Hosts;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>GET /v1/hosts</c>: the hosts that pipelines can name.</summary>
internal sealed class ListHosts(HostTable hosts)
{
    internal Task HandleAsync(HttpContext context) =>
        context.Response.WriteJsonAsync(new HostListJson([.. hosts.All.Select(JsonOf)]), ApiJson.Answers.HostListJson);

    /// <summary>A host as clients see it.</summary>
    internal static HostJson JsonOf(HostEntry host) => new(host.Name, host.Address, Words<HostSource>.Of(host.Source));
}
