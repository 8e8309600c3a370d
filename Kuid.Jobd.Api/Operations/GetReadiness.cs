using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Storage;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>GET /readyz</c>: whether jobs are taken, and if not, why not.</summary>
internal sealed class GetReadiness(JobService jobs)
{
    internal const string Ok = "ok";
    private const string Failed = "failed";

    internal Task HandleAsync(HttpContext context)
    {
        HistoryHealth history = jobs.History.Health;
        CheckJson[] checks =
        [
            Check("history", history.IsAvailable, history.Detail ?? "the history cannot be written"),
            Check("accepting", !jobs.IsStopping, "the daemon is being stopped"),
        ];
        bool ready = checks.All(check => check.Status == Ok);
        context.Response.StatusCode = ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return context.Response.WriteJsonAsync(new ReadinessJson(ready ? Ok : Failed, checks), ApiJson.Answers.ReadinessJson);
    }

    private static CheckJson Check(string name, bool well, string fault) => new(name, well ? Ok : Failed, well ? null : fault);
}
