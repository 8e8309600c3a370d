using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Api.Security;
using Kuid.Jobd.Api.Submissions;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Output;
using Kuid.Jobd.Core.Pipelines;
using Kuid.Jobd.Core.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Api.Operations;

/// <summary>
/// <c>POST /v1/sessions/{id}/eval</c>: evaluates a pipeline in a session and answers with what it gave. The evaluation is a job, recorded
/// as every other; a client that goes away ends it, as with exec.
/// </summary>
internal sealed class EvalSession(SessionTable sessions, JobService jobs, ILogger log)
{
    private const int Rows = 1000;
    private const int MostRows = 10_000;

    // The answer is made in memory; what does not go in it is with the job.
    private const int MostRowBytes = 4 * 1024 * 1024;
    private const int MostErrors = 1000;
    private const int MostStderrBytes = 64 * 1024;

    /// <summary>The label that the jobs of a session have.</summary>
    private const string Label = "session";

    internal async Task HandleAsync(HttpContext context)
    {
        EvalRequest request = await StrictJson.ReadAsync(context.Request, ApiJson.Default.EvalRequest);
        Check(request);
        ShellSession session = SessionId.Find(context, sessions);
        using IDisposable use = SessionId.Use(session);
        using Job job = session.Evaluate(jobs, SpecOf(request, session, Principals.Of(context)));
        AuditTrail.Took(context, job.Id);
        JobResult result = await EndAsync(job, context.RequestAborted);

        // Whoever has the answer is to find the session free.
        use.Dispose();
        if (!context.RequestAborted.IsCancellationRequested)
        {
            context.Response.Headers.CacheControl = "no-store";
            await context.Response.WriteJsonAsync(ResultOf(job, result, request.Limit ?? Rows), ApiJson.Answers.EvalResultJson);
        }
    }

    private static void Check(EvalRequest request)
    {
        var mistakes = new Mistakes();
        PipelineRules.CheckSource(request.Pipeline, mistakes);
        if (request.TimeoutSeconds is { } timeout && !(timeout > 0 && timeout <= SubmissionLimits.LongestSeconds))
        {
            mistakes.Add("/timeoutSeconds", CommandRules.Number(timeout, $"more than 0, at most {SubmissionLimits.LongestSeconds} seconds"));
        }

        if (request.Limit is < 0 or > MostRows)
        {
            mistakes.Add("/limit", $"{request.Limit} is not allowed: 0 to {MostRows}");
        }

        mistakes.ThrowIfAny();
    }

    private static JobSpec SpecOf(EvalRequest request, ShellSession session, string principal)
    {
        var submission = new JobSubmission
        {
            Pipeline = request.Pipeline,
            Host = session.Host,
            TimeoutSeconds = request.TimeoutSeconds,
            Labels = new Dictionary<string, string>(StringComparer.Ordinal) { [Label] = session.Id },
        };
        return JobSpecs.Checked(submission, principal) with { Queue = null };
    }

    private async Task<JobResult> EndAsync(Job job, CancellationToken gone)
    {
        await using CancellationTokenRegistration registration = gone.Register(() =>
        {
            if (job.RequestEnd(JobReason.Canceled))
            {
                Log.WentAway(log, job.Id, job.Spec.Principal);
            }
        });
        return await job.Ended;
    }

    private static EvalResultJson ResultOf(Job job, JobResult result, int limit)
    {
        var reader = new ResultReader(job.Output);
        int? index = reader.Results == 0 ? null : reader.Results - 1;
        (List<JsonElement> rows, bool isWhole) = Take(index is { } last ? reader.Rows(last) : [], limit);
        (List<JsonElement> errors, bool areAll) = Take(reader.Errors(), MostErrors);
        byte[] stderr = Stderr(job.Output);
        return new EvalResultJson
        {
            JobId = job.Id,
            State = Words<JobState>.Of(job.State),
            Reason = Words<JobReason>.Of(result.Reason),
            Detail = result.Detail,
            ExitCode = result.Status?.ExitCode,
            DurationSeconds = result.Duration.TotalSeconds,
            Index = index,
            Results = reader.Results,
            Truncated = reader.IsTruncated || !isWhole || !areAll || stderr.Length < job.Output.Produced(OutputStream.Stderr),
            Columns = Element(index is { } its ? reader.Columns(its) : "[]"u8.ToArray()),
            Rows = rows,
            Errors = errors,
            Stderr = Encoding.UTF8.GetString(stderr),
            Lossy = !Utf8.IsValid(stderr),
        };
    }

    private static (List<JsonElement> Taken, bool AreAll) Take(IEnumerable<ReadOnlyMemory<byte>> elements, int most)
    {
        List<JsonElement> taken = [];
        long bytes = 0;
        foreach (ReadOnlyMemory<byte> element in elements)
        {
            bytes += element.Length;
            if (taken.Count == most || bytes > MostRowBytes)
            {
                return (taken, false);
            }

            taken.Add(Element(element));
        }

        return (taken, true);
    }

    private static JsonElement Element(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    // The first part of it: the rest is read with getStderr.
    private static byte[] Stderr(OutputLog output)
    {
        byte[] bytes = new byte[Math.Min(output.Produced(OutputStream.Stderr), MostStderrBytes)];
        long offset = 0;
        int n, at = 0;
        while (at < bytes.Length && (n = output.Read(OutputStream.Stderr, ref offset, bytes.AsSpan(at))) > 0)
        {
            offset += n;
            at += n;
        }

        return at == bytes.Length ? bytes : bytes[..at];
    }
}
