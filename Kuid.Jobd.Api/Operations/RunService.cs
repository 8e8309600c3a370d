using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Api.Problems;
using Kuid.Jobd.Api.Security;
using Kuid.Jobd.Api.Submissions;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Services;
using Kuid.Jobd.Core.Storage;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>POST /v1/services/{name}/run</c>: takes a call as submitJob takes a job; whoever offers the service runs it.</summary>
internal sealed class RunService(JobService jobs, ServiceRegistry registry)
{
    internal async Task HandleAsync(HttpContext context)
    {
        var wait = AcceptedJob.Asked(context);
        string name = (string)context.Request.RouteValues["name"]!;
        ServiceDefinition service = registry.Find(name)?.Definition
            ?? throw new ProblemException(ProblemCode.NoService, $"there is no service {name} now");
        ServiceCallRequest request = await StrictJson.ReadAsync(context.Request, ApiJson.Default.ServiceCallRequest);
        string principal = Principals.Of(context);
        JobSpec spec = CallRules.Of(request, service, principal);
        Acceptance accepted = await jobs.AcceptAsync(
            spec, wait.Key is null ? null : new IdempotencyKey(principal, wait.Key, Fingerprint.Of(name, request)));
        await wait.AnswerAsync(context, jobs, accepted, principal);
    }
}
