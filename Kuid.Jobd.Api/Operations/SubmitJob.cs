using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
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
    internal async Task HandleAsync(HttpContext context)
    {
        var asked = AcceptedJob.Asked(context);
        JobSubmission submission = await StrictJson.ReadAsync(context.Request, ApiJson.Default.JobSubmission);
        string principal = Principals.Of(context);
        JobSpec spec = JobSpecs.Of(submission, principal, hosts, jobs.Callbacks, jobs.Isolation);
        Acceptance accepted = await jobs.AcceptAsync(
            spec, asked.Key is null ? null : new IdempotencyKey(principal, asked.Key, Fingerprint.Of(submission)));
        await asked.AnswerAsync(context, jobs, accepted, principal);
    }
}
