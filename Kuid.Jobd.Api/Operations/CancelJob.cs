using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Api.Security;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Storage;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>POST /v1/jobs/{id}/cancel</c>: ends a job; one that has ended stays as it is.</summary>
internal sealed class CancelJob(JobService jobs)
{
    internal async Task HandleAsync(HttpContext context)
    {
        long id = JobId.Of(context);
        JobRecord job = await jobs.CancelAsync(id, Principals.Of(context)) ?? throw JobId.Unknown(id);
        await JobAnswer.WriteAsync(context, job, job.HasEnded ? StatusCodes.Status200OK : StatusCodes.Status202Accepted);
    }
}
