using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Api.Security;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Storage;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary>
/// <c>GET /v1/jobs/{id}</c>: a job, at once, or within the wait when it has ended or, with If-None-Match, has changed.
/// </summary>
internal sealed class GetJob(JobService jobs)
{
    internal async Task HandleAsync(HttpContext context)
    {
        long id = JobId.Of(context);
        TimeSpan wait = Wait.Of(new QueryParameters(context.Request.Query, Wait.Parameter)) ?? TimeSpan.Zero;
        JobRecord job = await jobs.GetAsync(id) ?? throw JobId.Unknown(id);

        bool conditional = context.Request.Headers.IfNoneMatch.Count > 0;
        bool known = JobVersion.IsKnown(job, context.Request.Headers.IfNoneMatch);
        if (wait > TimeSpan.Zero && !job.HasEnded && (known || !conditional))
        {
            using Attendance? attendance = Attendance.Of(jobs, id, Principals.Of(context), context.RequestAborted);
            job = await jobs.WaitAsync(id, conditional ? job.Version : null, wait, context.RequestAborted) ?? throw JobId.Unknown(id);
            known = JobVersion.IsKnown(job, context.Request.Headers.IfNoneMatch);
        }

        if (known)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            context.Response.Headers.ETag = JobVersion.TagOf(job);
            return;
        }

        await JobAnswer.WriteAsync(context, job, StatusCodes.Status200OK);
    }
}
