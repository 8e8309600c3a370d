using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Api.Problems;
using Kuid.Jobd.Core.Jobs;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>DELETE /v1/jobs/{id}</c>: removes the record of a job that has ended, and its output.</summary>
internal sealed class DeleteJob(JobService jobs)
{
    internal async Task HandleAsync(HttpContext context)
    {
        long id = JobId.Of(context);
        switch (await jobs.DeleteAsync(id))
        {
            case DeleteOutcome.NoSuchJob:
                throw JobId.Unknown(id);
            case DeleteOutcome.NotEnded:
                throw new ProblemException(ProblemCode.Running, $"job {id} has not ended; only a job that has can be removed");
            default:
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
        }
    }
}
