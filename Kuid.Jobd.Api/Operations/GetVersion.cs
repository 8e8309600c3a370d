using System.Runtime.InteropServices;
using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Core.Jobs;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>GET /v1/version</c>: the versions of the daemon and of what it stands on.</summary>
internal sealed class GetVersion(JobService jobs, string version)
{
    internal Task HandleAsync(HttpContext context) => context.Response.WriteJsonAsync(
        new VersionJson(version, Contract.Version, RuntimeInformation.FrameworkDescription, jobs.History.Library),
        ApiJson.Answers.VersionJson);
}
