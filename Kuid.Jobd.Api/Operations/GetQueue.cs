using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Core.Jobs;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>GET /v1/queues/{name}</c>: a queue, with how much waits and runs in it.</summary>
internal sealed class GetQueue(JobService jobs)
{
    internal Task HandleAsync(HttpContext context) => WriteAsync(context, jobs, QueueName.Of(context));

    /// <summary>Answers with a queue as it is now.</summary>
    internal static Task WriteAsync(HttpContext context, JobService jobs, string name) => context.Response.WriteJsonAsync(
        QueueJson.Of(jobs.Queues.Find(name) ?? throw QueueName.Unknown(name)), ApiJson.Answers.QueueJson);
}
