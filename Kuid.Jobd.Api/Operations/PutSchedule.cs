using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Api.Security;
using Kuid.Jobd.Api.Submissions;
using Kuid.Jobd.Core.Hosts;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Schedules;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>PUT /v1/schedules/{name}</c>: adds a schedule, or puts another in its place.</summary>
internal sealed class PutSchedule(JobService jobs, ScheduleService schedules, HostTable hosts)
{
    internal async Task HandleAsync(HttpContext context)
    {
        string name = ScheduleName.New(context);
        Func<Schedule?, bool> mayChange = ScheduleVersion.ConditionOf(context.Request.Headers);
        ScheduleRequest request = await StrictJson.ReadAsync(context.Request, ApiJson.Default.ScheduleRequest);
        ScheduleChange change = await schedules.PutAsync(
            name, ScheduleRules.DefinitionOf(request, hosts, jobs.Callbacks, jobs.Isolation), request.Paused ?? false, Principals.Of(context), mayChange);
        if (change == ScheduleChange.VersionMismatch)
        {
            throw ScheduleVersion.Mismatch(name);
        }

        await ScheduleAnswer.WriteAsync(
            context, schedules.Find(name) ?? throw ScheduleName.Unknown(name),
            change == ScheduleChange.Added ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }
}
