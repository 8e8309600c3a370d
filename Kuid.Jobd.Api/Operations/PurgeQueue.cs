using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Api.Security;
using Kuid.Jobd.Core.Jobs;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>POST /v1/queues/{name}/purge</c>: cancels all jobs of a queue that wait.</summary>
internal sealed class PurgeQueue(JobService jobs)
{
    internal async Task HandleAsync(HttpContext context)
    {
        string name = QueueName.Of(context);
        int canceled = await jobs.Queues.PurgeAsync(name, Principals.Of(context)) ?? throw QueueName.Unknown(name);
        await context.Response.WriteJsonAsync(new QueuePurgeJson(name, canceled), ApiJson.Answers.QueuePurgeJson);
    }
}
