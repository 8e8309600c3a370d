using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Core.Schedules;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>GET /v1/schedules/{name}</c>: a schedule.</summary>
internal sealed class GetSchedule(ScheduleService schedules)
{
    internal Task HandleAsync(HttpContext context)
    {
        string name = ScheduleName.Of(context);
        return ScheduleAnswer.WriteAsync(context, schedules.Find(name) ?? throw ScheduleName.Unknown(name));
    }
}
