using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Api.Problems;
using Kuid.Jobd.Core.Hosts;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>POST /v1/hosts/{name}/probe</c>: connects to a host and says what answers.</summary>
internal sealed class ProbeHost(HostTable hosts, TimeProvider clock)
{
    internal async Task HandleAsync(HttpContext context)
    {
        string name = HostName.Of(context);
        HostEntry host = hosts.Find(name) ?? throw ProblemException.NoSuchHost(name);
        HostProbe probe = await HostProbe.OfAsync(hosts, name, clock, context.RequestAborted);
        await context.Response.WriteJsonAsync(
            new HostProbeJson
            {
                Name = host.Name,
                Address = host.Address,
                Reachable = probe.Error is null,
                Pid = probe.Pid,
                Architecture = probe.Architecture,
                Server = probe.IsOriginal is { } original ? original ? "original" : "kuid" : null,
                Profile = probe.IsLook is { } look ? look ? "look" : "full" : null,
                LatencySeconds = probe.Latency?.TotalSeconds,
                Error = probe.Error,
            },
            ApiJson.Answers.HostProbeJson);
    }
}
