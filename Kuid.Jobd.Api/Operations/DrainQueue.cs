using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Core.Jobs;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>POST /v1/queues/{name}/drain</c>: takes no more jobs into a queue and runs those that it has.</summary>
internal sealed class DrainQueue(JobService jobs)
{
    internal async Task HandleAsync(HttpContext context)
    {
        string name = QueueName.Of(context);
        if (!await jobs.Queues.DrainAsync(name))
        {
            throw QueueName.Unknown(name);
        }

        await GetQueue.WriteAsync(context, jobs, name);
    }
}
