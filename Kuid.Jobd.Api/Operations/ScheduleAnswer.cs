using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Core.Schedules;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary>Answers with a schedule and its ETag.</summary>
internal static class ScheduleAnswer
{
    /// <summary>Writes a schedule as the body.</summary>
    internal static Task WriteAsync(HttpContext context, Schedule schedule, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.ETag = ScheduleVersion.TagOf(schedule);
        return context.Response.WriteJsonAsync(JsonOf(schedule), ApiJson.Answers.ScheduleJson);
    }

    /// <summary>A schedule as clients see it.</summary>
    internal static ScheduleJson JsonOf(Schedule schedule) => new()
    {
        Name = schedule.Name,
        Cron = schedule.Definition.Cron,
        EverySeconds = schedule.Definition.EverySeconds,
        TimeZone = schedule.Definition.Cron is null ? null : schedule.Definition.TimeZone,
        Overlap = Words<OverlapPolicy>.Of(schedule.Definition.Overlap),
        CatchUp = schedule.Definition.CatchUp,
        Paused = schedule.Record.Paused,
        Job = schedule.Definition.Job,
        Principal = schedule.Record.Principal,
        CreatedAt = Timestamp.Of(schedule.Record.CreatedAt),
        NextAt = Timestamp.Of(schedule.Record.NextAt),
        LastAt = Timestamp.Of(schedule.Record.LastAt),
        LastJobId = schedule.Record.LastJob,
        LastError = schedule.Record.LastError,
    };
}
