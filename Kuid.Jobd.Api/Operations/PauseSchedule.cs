using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Core.Schedules;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>POST /v1/schedules/{name}/pause</c> and <c>/resume</c>: whether a schedule makes jobs. Asking again changes nothing.</summary>
internal sealed class PauseSchedule(ScheduleService schedules, bool paused)
{
    internal async Task HandleAsync(HttpContext context)
    {
        string name = ScheduleName.Of(context);
        await schedules.PauseAsync(name, paused);
        await ScheduleAnswer.WriteAsync(context, schedules.Find(name) ?? throw ScheduleName.Unknown(name));
    }
}
