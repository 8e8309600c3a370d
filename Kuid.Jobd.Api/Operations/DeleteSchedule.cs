using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Core.Schedules;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>DELETE /v1/schedules/{name}</c>: removes a schedule; its jobs stay.</summary>
internal sealed class DeleteSchedule(ScheduleService schedules)
{
    internal async Task HandleAsync(HttpContext context)
    {
        string name = ScheduleName.Of(context);
        context.Response.StatusCode = await schedules.DeleteAsync(name, ScheduleVersion.ConditionOf(context.Request.Headers)) switch
        {
            ScheduleChange.Removed => StatusCodes.Status204NoContent,
            ScheduleChange.VersionMismatch => throw ScheduleVersion.Mismatch(name),
            _ => throw ScheduleName.Unknown(name),
        };
    }
}
