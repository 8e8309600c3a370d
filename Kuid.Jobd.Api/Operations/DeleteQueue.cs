using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Api.Problems;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Queues;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>DELETE /v1/queues/{name}</c>: forgets what was said of a queue in which there are no jobs.</summary>
internal sealed class DeleteQueue(JobService jobs)
{
    internal async Task HandleAsync(HttpContext context)
    {
        string name = QueueName.Of(context);
        context.Response.StatusCode = await jobs.Queues.DeleteAsync(name) switch
        {
            QueueRemoval.Removed => StatusCodes.Status204NoContent,
            QueueRemoval.NotEmpty => throw new ProblemException(
                ProblemCode.NotEmpty, $"there are jobs in the queue {name}; drain it and wait, or purge it, and then remove it"),
            _ => throw QueueName.Unknown(name),
        };
    }
}
