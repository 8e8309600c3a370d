using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Core.Schedules;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>GET /v1/schedules</c>: all schedules.</summary>
internal sealed class ListSchedules(ScheduleService schedules)
{
    internal Task HandleAsync(HttpContext context) => context.Response.WriteJsonAsync(
        new ScheduleListJson([.. schedules.All.Select(ScheduleAnswer.JsonOf)]), ApiJson.Answers.ScheduleListJson);
}
