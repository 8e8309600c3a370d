using System.Globalization;
using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Api.Security;
using Kuid.Jobd.Api.Submissions;
using Kuid.Jobd.Core.Batches;
using Kuid.Jobd.Core.Hosts;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Storage;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>POST /v1/batches</c>: takes jobs together, answers when all of them are on disk.</summary>
internal sealed class SubmitBatch(JobService jobs, BatchService batches, HostTable hosts, TimeProvider clock)
{
    internal async Task HandleAsync(HttpContext context)
    {
        string? key = IdempotencyHeader.Of(context);
        BatchSubmission submission = await StrictJson.ReadAsync(context.Request, ApiJson.Default.BatchSubmission);
        BatchSpecs checkedItems = BatchSpecs.Check(submission, hosts, jobs.Callbacks, jobs.Isolation);
        string principal = Principals.Of(context);

        // The ids are taken before the jobs are, because the jobs name each other by them.
        long first = jobs.History.NextIds(checkedItems.Taken.Count);
        var batch = new BatchRecord(
            Id: 0, submission.Name, principal, clock.GetUtcNow().UtcDateTime, submission.MaxParallel, submission.StopOnFailure ?? false);
        GroupAcceptance accepted = await jobs.AcceptAllAsync(
            checkedItems.JobsFrom(first, principal), batch, key is null ? null : new IdempotencyKey(principal, key, Fingerprint.Of(submission)), first);
        if (accepted.Kind == AcceptanceKind.KeyReused || accepted.Batch is not { } id)
        {
            throw IdempotencyHeader.Reused(key);
        }

        if (accepted.Kind == AcceptanceKind.Replayed)
        {
            context.Response.Headers[IdempotencyHeader.Replayed] = "true";
        }

        BatchStatus status = await batches.GetAsync(id) ?? throw BatchId.Unknown(id);
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        context.Response.Headers.Location = string.Create(CultureInfo.InvariantCulture, $"/v1/batches/{id}");
        context.Response.Headers.CacheControl = "no-cache";
        await context.Response.WriteJsonAsync(BatchJson.Of(status, checkedItems.Rejected), ApiJson.Answers.BatchJson);
    }
}
