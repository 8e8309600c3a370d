using System.Globalization;
using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Api.Security;
using Kuid.Jobd.Api.Submissions;
using Kuid.Jobd.Core.Hosts;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Storage;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>POST /v1/jobs</c>: takes a job, answers when it is on disk, or within the wait when it has ended.</summary>
internal sealed class SubmitJob(JobService jobs, HostTable hosts)
{
    // Most jobs that people wait for are over by then; a client that knows better uses wait.
    private const string RetryAfterSeconds = "1";

    internal async Task HandleAsync(HttpContext context)
    {
        TimeSpan? asked = Wait.Of(new QueryParameters(context.Request.Query, Wait.Parameter));
        int? preferred = asked is null ? Wait.Preferred(context.Request.Headers) : null;
        string? key = IdempotencyHeader.Of(context);
        JobSubmission submission = await StrictJson.ReadAsync(context.Request, ApiJson.Default.JobSubmission);
        string principal = Principals.Of(context);
        JobSpec spec = JobSpecs.Of(submission, principal, hosts, jobs.Callbacks);

        Acceptance accepted = await jobs.AcceptAsync(
            spec, key is null ? null : new IdempotencyKey(principal, key, Fingerprint.Of(submission)));
        if (accepted.Kind == AcceptanceKind.KeyReused)
        {
            throw IdempotencyHeader.Reused(key);
        }

        JobRecord job = accepted.Job;
        TimeSpan wait = asked ?? TimeSpan.FromSeconds(preferred ?? 0);
        if (wait > TimeSpan.Zero && !job.HasEnded)
        {
            using Attendance? attendance = Attendance.Of(jobs, job.Id, principal, context.RequestAborted);
            job = await jobs.WaitAsync(job.Id, unlessVersion: null, wait, context.RequestAborted) ?? job;
        }

        IHeaderDictionary headers = context.Response.Headers;
        if (preferred is not null)
        {
            headers["Preference-Applied"] = string.Create(CultureInfo.InvariantCulture, $"wait={preferred}");
        }

        if (accepted.Kind == AcceptanceKind.Replayed)
        {
            headers[IdempotencyHeader.Replayed] = "true";
        }

        if (!job.HasEnded)
        {
            headers.RetryAfter = RetryAfterSeconds;
            headers.Location = string.Create(CultureInfo.InvariantCulture, $"/v1/jobs/{job.Id}");
        }

        await JobAnswer.WriteAsync(context, job, job.HasEnded ? StatusCodes.Status200OK : StatusCodes.Status202Accepted);
    }
}
