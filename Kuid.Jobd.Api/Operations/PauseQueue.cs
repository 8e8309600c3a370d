using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Core.Jobs;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>POST /v1/queues/{name}/pause</c>: starts no more of a queue's jobs.</summary>
internal sealed class PauseQueue(JobService jobs)
{
    internal async Task HandleAsync(HttpContext context)
    {
        string name = QueueName.Of(context);
        if (!await jobs.Queues.PauseAsync(name))
        {
            throw QueueName.Unknown(name);
        }

        await GetQueue.WriteAsync(context, jobs, name);
    }
}
