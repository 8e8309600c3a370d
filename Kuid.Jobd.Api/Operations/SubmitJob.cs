using System.Globalization;
using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Api.Problems;
using Kuid.Jobd.Api.Security;
using Kuid.Jobd.Api.Submissions;
using Kuid.Jobd.Core.Hosts;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>POST /v1/jobs</c>: takes a job, answers when it is on disk, or within the wait when it has ended.</summary>
internal sealed class SubmitJob(JobService jobs, HostTable hosts)
{
    private const string KeyHeader = "Idempotency-Key";
    private const int LongestKey = 255;

    // Most jobs that people wait for are over by then; a client that knows better uses wait.
    private const string RetryAfterSeconds = "1";

    internal async Task HandleAsync(HttpContext context)
    {
        TimeSpan? asked = Wait.Of(new QueryParameters(context.Request.Query, Wait.Parameter));
        int? preferred = asked is null ? Wait.Preferred(context.Request.Headers) : null;
        string? key = KeyOf(context.Request.Headers[KeyHeader]);
        JobSubmission submission = await StrictJson.ReadAsync(context.Request, ApiJson.Default.JobSubmission);
        string principal = Principals.Of(context);
        JobSpec spec = JobSpecs.Of(submission, principal, hosts, jobs.Callbacks);

        Acceptance accepted = await jobs.AcceptAsync(
            spec, key is null ? null : new IdempotencyKey(principal, key, Fingerprint.Of(submission)));
        if (accepted.Kind == AcceptanceKind.KeyReused)
        {
            throw new ProblemException(ProblemCode.KeyReused, $"the {KeyHeader} \"{key}\" belongs to another submission");
        }

        JobRecord job = accepted.Job;
        TimeSpan wait = asked ?? TimeSpan.FromSeconds(preferred ?? 0);
        if (wait > TimeSpan.Zero && !job.HasEnded)
        {
            job = await jobs.WaitAsync(job.Id, unlessVersion: null, wait, context.RequestAborted) ?? job;
        }

        IHeaderDictionary headers = context.Response.Headers;
        if (preferred is not null)
        {
            headers["Preference-Applied"] = string.Create(CultureInfo.InvariantCulture, $"wait={preferred}");
        }

        if (accepted.Kind == AcceptanceKind.Replayed)
        {
            headers["Idempotency-Replayed"] = "true";
        }

        if (!job.HasEnded)
        {
            headers.RetryAfter = RetryAfterSeconds;
            headers.Location = string.Create(CultureInfo.InvariantCulture, $"/v1/jobs/{job.Id}");
        }

        await JobAnswer.WriteAsync(context, job, job.HasEnded ? StatusCodes.Status200OK : StatusCodes.Status202Accepted);
    }

    private static string? KeyOf(StringValues header)
    {
        string? key = header.Count == 0 ? null : header.ToString();
        return key is null || (header.Count == 1 && key.Length is > 0 and <= LongestKey && key.All(c => c is >= '!' and <= '~'))
            ? key
            : throw ProblemException.Parameter(KeyHeader, $"1 to {LongestKey} visible ASCII characters are allowed");
    }
}
