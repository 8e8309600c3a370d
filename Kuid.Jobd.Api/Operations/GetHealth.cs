using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>GET /healthz</c>: that the process answers, and nothing more.</summary>
internal static class GetHealth
{
    internal static Task HandleAsync(HttpContext context) =>
        context.Response.WriteJsonAsync(new HealthJson(GetReadiness.Ok), ApiJson.Answers.HealthJson);
}
