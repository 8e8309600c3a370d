using System.Globalization;
using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Api.Problems;
using Kuid.Jobd.Api.Security;
using Kuid.Jobd.Core.Schedules;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>POST /v1/schedules/{name}/trigger</c>: makes a job of a schedule now.</summary>
internal sealed class TriggerSchedule(ScheduleService schedules)
{
    internal async Task HandleAsync(HttpContext context)
    {
        string name = ScheduleName.Of(context);
        TriggerOutcome outcome = await schedules.TriggerAsync(name);
        if (outcome is not { Job: { } job })
        {
            throw ScheduleName.Unknown(name);
        }

        if (!outcome.IsMade)
        {
            throw new ProblemException(ProblemCode.Running, string.Create(
                CultureInfo.InvariantCulture, $"job {job.Id} of the schedule {name} has not ended, and its overlap is skip"));
        }

        context.Response.Headers.Location = string.Create(CultureInfo.InvariantCulture, $"/v1/jobs/{job.Id}");
        AuditTrail.Took(context, job.Id);
        await JobAnswer.WriteAsync(context, job, StatusCodes.Status202Accepted);
    }
}
