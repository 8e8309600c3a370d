using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Core.Jobs;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>GET /v1/queues</c>: the queues, with how much waits and runs in each.</summary>
internal sealed class ListQueues(JobService jobs)
{
    internal Task HandleAsync(HttpContext context) =>
        context.Response.WriteJsonAsync(new QueueListJson([.. jobs.Queues.All.Select(QueueJson.Of)]), ApiJson.Answers.QueueListJson);
}
