using System.Globalization;
using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Api.Security;
using Kuid.Jobd.Core.Jobs;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>POST /v1/jobs/{id}/rerun</c>: takes a new job that does the same as another.</summary>
internal sealed class RerunJob(JobService jobs)
{
    internal async Task HandleAsync(HttpContext context)
    {
        long id = JobId.Of(context);
        Acceptance accepted = await jobs.RerunAsync(id, Principals.Of(context)) ?? throw JobId.Unknown(id);
        context.Response.Headers.Location = string.Create(CultureInfo.InvariantCulture, $"/v1/jobs/{accepted.Job.Id}");
        AuditTrail.Took(context, accepted.Job.Id);
        await JobAnswer.WriteAsync(context, accepted.Job, StatusCodes.Status202Accepted);
    }
}
