using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Api.Problems;
using Kuid.Jobd.Api.Security;
using Kuid.Jobd.Api.Submissions;
using Kuid.Jobd.Core.Batches;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Storage;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>POST /v1/jobs/bulk</c>: does one thing to many jobs, a bounded number a request.</summary>
internal sealed class BulkJobs(JobService jobs)
{
    // What is done between two looks at whatever else there is to write: a moment, and no more.
    private const int Chunk = 100;

    internal async Task HandleAsync(HttpContext context)
    {
        BulkRequest request = await StrictJson.ReadAsync(context.Request, ApiJson.Default.BulkRequest);
        BulkAction action = BulkRules.Check(request);
        (IReadOnlyList<long> ids, long? next) = request.Ids is { } given
            ? ([.. given.Distinct()], null)
            : await FindAsync(BulkRules.QueryOf(request, action));

        var outcome = new Outcome();
        if (request.DryRun ?? false)
        {
            outcome.Done.AddRange(ids);
        }
        else
        {
            foreach (long[] chunk in ids.Chunk(Chunk))
            {
                await DoAsync(action, chunk, request.Queue, Principals.Of(context), outcome);
            }
        }

        bool dry = request.DryRun ?? false;
        await context.Response.WriteJsonAsync(
            new BulkResultJson
            {
                Action = request.Action,
                DryRun = dry,
                Matched = ids.Count,
                Done = dry ? 0 : outcome.Done.Count,
                Failed = outcome.Failed,
                JobIds = outcome.Done,
                NewJobIds = action == BulkAction.Rerun ? outcome.New : null,
                NextCursor = next is { } before ? Cursor.Of(before) : null,
            },
            ApiJson.Answers.BulkResultJson);
    }

    // A page may have fewer than were asked for, where commands are large.
    private async Task<(IReadOnlyList<long> Ids, long? Next)> FindAsync(JobQuery query)
    {
        var ids = new List<long>();
        long? next;
        do
        {
            JobPage page = await jobs.ListAsync(query with { Limit = BatchService.MostJobs - ids.Count });
            ids.AddRange(page.Jobs.Select(job => job.Id));
            next = page.Next;
            query = query with { Before = next };
        }
        while (next is not null && ids.Count < BatchService.MostJobs);

        return (ids, next);
    }

    private Task DoAsync(BulkAction action, long[] ids, string? queue, string principal, Outcome outcome) => action switch
    {
        BulkAction.Cancel => CancelAsync(ids, principal, outcome),
        BulkAction.Delete => DeleteAsync(ids, outcome),
        BulkAction.Rerun => EachAsync(ids, outcome, async id =>
            (await jobs.RerunAsync(id, principal) ?? throw JobId.Unknown(id)).Job.Id),
        _ => EachAsync(ids, outcome, async id => await jobs.UpdateAsync(id, new JobUpdate { Queue = queue }) switch
        {
            UpdateOutcome.Updated => null,
            UpdateOutcome.NoSuchJob => throw JobId.Unknown(id),
            _ => throw new ProblemException(ProblemCode.NotQueued, $"job {id} waits no longer; only a job that does can be moved"),
        }),
    };

    private async Task CancelAsync(long[] ids, string principal, Outcome outcome)
    {
        await jobs.CancelAllAsync(ids, principal);
        foreach (long id in ids)
        {
            outcome.Add(id, await jobs.GetAsync(id) is null ? JobId.Unknown(id) : null);
        }
    }

    private async Task DeleteAsync(long[] ids, Outcome outcome)
    {
        try
        {
            HashSet<long> removed = [.. await jobs.DeleteAllAsync(ids)];
            foreach (long id in ids)
            {
                outcome.Add(id, removed.Contains(id) ? null
                    : await jobs.GetAsync(id) is null ? JobId.Unknown(id)
                    : new ProblemException(ProblemCode.Running, $"job {id} has not ended; only a job that has can be removed"));
            }
        }
        catch (StoreException e)
        {
            ProblemException problem = ExceptionHandler.ProblemOf(e)!;
            foreach (long id in ids)
            {
                outcome.Add(id, problem);
            }
        }
    }

    /// <summary>Does something to each of a chunk side by side: what they write then shares a transaction.</summary>
    /// <param name="act">Gives the id of the job that it makes, if it does.</param>
    private static async Task EachAsync(long[] ids, Outcome outcome, Func<long, Task<long?>> act)
    {
        Task<long?>[] acts = [.. ids.Select(act)];
        foreach ((int i, Task<long?> done) in acts.Index())
        {
            try
            {
                long? made = await done;
                outcome.Add(ids[i], problem: null, made);
            }
            catch (Exception e) when (ExceptionHandler.ProblemOf(e) is not null)
            {
                outcome.Add(ids[i], ExceptionHandler.ProblemOf(e));
            }
        }
    }

    /// <summary>What became of each job.</summary>
    private sealed class Outcome
    {
        internal List<long> Done { get; } = [];

        internal List<long> New { get; } = [];

        internal List<BulkFailureJson> Failed { get; } = [];

        internal void Add(long id, ProblemException? problem, long? made = null)
        {
            if (problem is not null)
            {
                Failed.Add(new BulkFailureJson(id, problem.Code.Word, problem.Message));
                return;
            }

            Done.Add(id);
            if (made is { } other)
            {
                New.Add(other);
            }
        }
    }
}
