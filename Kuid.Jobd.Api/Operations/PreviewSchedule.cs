using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Api.Submissions;
using Kuid.Jobd.Core.Schedules;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>POST /v1/schedules/preview</c>: when a schedule would be due. Nothing is kept.</summary>
internal sealed class PreviewSchedule(TimeProvider clock)
{
    internal async Task HandleAsync(HttpContext context)
    {
        SchedulePreviewRequest request = await StrictJson.ReadAsync(context.Request, ApiJson.Default.SchedulePreviewRequest);
        (Recurrence recurrence, DateTime from, int count) = ScheduleRules.PreviewOf(request, clock.GetUtcNow().UtcDateTime);
        List<string> times = [];
        for (DateTime? at = recurrence.After(from); at is not null && times.Count < count; at = recurrence.After(at.Value))
        {
            times.Add(Timestamp.Of(at.Value));
        }

        await context.Response.WriteJsonAsync(new SchedulePreviewJson(times), ApiJson.Answers.SchedulePreviewJson);
    }
}
