using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Api.Submissions;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Services;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>GET /v1/services</c>: what users offer to be run, and under which rules.</summary>
internal sealed class ListServices(JobService jobs, ServiceRegistry registry)
{
    internal Task HandleAsync(HttpContext context)
    {
        Job[] calls = [.. jobs.Live.Where(job => job.Spec.Kind == JobKind.Service)];
        return context.Response.WriteJsonAsync(
            new ServiceListJson([.. registry.All.Select(service => JsonOf(service, calls))]), ApiJson.Answers.ServiceListJson);
    }

    private static NamedServiceJson JsonOf(OfferedService service, Job[] calls)
    {
        ServiceDefinition definition = service.Definition;
        Job[] own = [.. calls.Where(call => call.Spec.Service == definition.Name)];
        return new NamedServiceJson
        {
            Name = definition.Name,
            Description = definition.Description,
            Owner = new ServiceOwnerJson(service.Subserver.OwnerId, service.Subserver.OwnerName),
            Pty = definition.Pty,
            Stderr = definition.Stderr == StderrMode.Separate ? "separate" : "merge",
            Env = definition.Env,
            Max = definition.Max,
            TimeoutSeconds = definition.TimeoutSeconds,
            Parameters = [.. definition.Parameters.Select(JsonOf)],
            Schema = ParameterSchema.Of(definition.Parameters),
            Running = own.Count(call => call.State is JobState.Running or JobState.Canceling),
            Waiting = own.Count(call => call.State is JobState.Queued or JobState.Scheduled),
        };
    }

    private static ServiceParameterJson JsonOf(ServiceParameter parameter) => new(
        parameter.Name, ParameterSchema.WordOf(parameter.Type), (double?)parameter.Min, (double?)parameter.Max, parameter.Choices,
        parameter.Optional, parameter.Default);
}
