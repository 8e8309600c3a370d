using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Api.Problems;
using Kuid.Jobd.Api.Submissions;
using Kuid.Jobd.Core.Jobs;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>PATCH /v1/jobs/{id}</c>: changes a job that has not started, or waits for its next attempt.</summary>
internal sealed class PatchJob(JobService jobs)
{
    internal async Task HandleAsync(HttpContext context)
    {
        long id = JobId.Of(context);
        long? expected = JobVersion.Expected(context.Request.Headers.IfMatch);
        JobPatch patch = await StrictJson.ReadAsync(context.Request, ApiJson.Default.JobPatch);
        switch (await jobs.UpdateAsync(id, UpdateOf(patch), expected))
        {
            case UpdateOutcome.NoSuchJob:
                throw JobId.Unknown(id);
            case UpdateOutcome.NotQueued:
                throw new ProblemException(ProblemCode.NotQueued, $"job {id} waits no longer; only a job that does can be changed");
            case UpdateOutcome.VersionMismatch:
                throw new ProblemException(ProblemCode.Version, $"job {id} has another version than that of If-Match; get it again");
        }

        await JobAnswer.WriteAsync(context, await jobs.GetAsync(id) ?? throw JobId.Unknown(id), StatusCodes.Status200OK);
    }

    private static JobUpdate UpdateOf(JobPatch patch)
    {
        var mistakes = new Mistakes();
        WaitingRules.CheckQueue(patch.Queue, mistakes);
        WaitingRules.CheckPriority(patch.Priority, mistakes);
        CommandRules.CheckLabels(patch.Labels, mistakes);
        DateTime? notBefore = patch.NotBefore is { } text ? Timestamp.Parse(text) : null;
        if (patch.NotBefore is not null && notBefore is null)
        {
            mistakes.Add("/notBefore", WaitingRules.TimeAllowed);
        }

        mistakes.ThrowIfAny();
        return new JobUpdate { Priority = patch.Priority, Queue = patch.Queue, Labels = patch.Labels, NotBefore = notBefore };
    }
}
