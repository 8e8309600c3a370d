using System.Globalization;
using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Api.Security;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Storage;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary>The answer to a submission: the job, at once when it is on disk or within the wait when it has ended.</summary>
/// <param name="Query">The wait that the query asks for; null for none.</param>
/// <param name="Preferred">The one that the header prefers, in seconds; null for none.</param>
/// <param name="Key">The client's name for the submission; null for none.</param>
internal sealed record AcceptedJob(TimeSpan? Query, int? Preferred, string? Key)
{
    // Most jobs that people wait for are over by then; a client that knows better uses wait.
    private const string RetryAfterSeconds = "1";

    /// <summary>What a request says of its answer.</summary>
    internal static AcceptedJob Asked(HttpContext context)
    {
        TimeSpan? asked = Wait.Of(new QueryParameters(context.Request.Query, Wait.Parameter));
        return new AcceptedJob(asked, asked is null ? Wait.Preferred(context.Request.Headers) : null, IdempotencyHeader.Of(context));
    }

    /// <summary>Waits as long as was asked for, and answers.</summary>
    internal async Task AnswerAsync(HttpContext context, JobService jobs, Acceptance accepted, string principal)
    {
        if (accepted.Kind == AcceptanceKind.KeyReused)
        {
            throw IdempotencyHeader.Reused(Key);
        }

        JobRecord job = accepted.Job;
        AuditTrail.Took(context, job.Id);
        TimeSpan wait = Query ?? TimeSpan.FromSeconds(Preferred ?? 0);
        if (wait > TimeSpan.Zero && !job.HasEnded)
        {
            using Attendance? attendance = Attendance.Of(jobs, job.Id, principal, context.RequestAborted);
            job = await jobs.WaitAsync(job.Id, unlessVersion: null, wait, context.RequestAborted) ?? job;
        }

        IHeaderDictionary headers = context.Response.Headers;
        if (Preferred is not null)
        {
            headers["Preference-Applied"] = string.Create(CultureInfo.InvariantCulture, $"wait={Preferred}");
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
