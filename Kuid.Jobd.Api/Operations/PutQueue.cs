using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Api.Submissions;
using Kuid.Jobd.Core.Jobs;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>PUT /v1/queues/{name}</c>: says how a queue is worked on.</summary>
internal sealed class PutQueue(JobService jobs)
{
    internal async Task HandleAsync(HttpContext context)
    {
        string name = QueueName.New(context);
        QueueRequest request = await StrictJson.ReadAsync(context.Request, ApiJson.Default.QueueRequest);
        var mistakes = new Mistakes();
        if (request.Concurrency is < 1 or > SubmissionLimits.Concurrency)
        {
            mistakes.Add("/concurrency", $"{request.Concurrency} is not allowed: 1 to {SubmissionLimits.Concurrency}");
        }

        mistakes.ThrowIfAny();
        bool isNew = await jobs.Queues.PutAsync(name, request.Concurrency, request.Paused ?? false);
        context.Response.StatusCode = isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        await GetQueue.WriteAsync(context, jobs, name);
    }
}
