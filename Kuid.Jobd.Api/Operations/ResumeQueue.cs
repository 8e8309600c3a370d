using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Core.Jobs;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>POST /v1/queues/{name}/resume</c>: takes and starts a queue's jobs as ever.</summary>
internal sealed class ResumeQueue(JobService jobs)
{
    internal async Task HandleAsync(HttpContext context)
    {
        string name = QueueName.Of(context);
        if (!await jobs.Queues.ResumeAsync(name))
        {
            throw QueueName.Unknown(name);
        }

        await GetQueue.WriteAsync(context, jobs, name);
    }
}
