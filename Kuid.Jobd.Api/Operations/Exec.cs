using System.Text;
using System.Text.Unicode;
using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Api.Security;
using Kuid.Jobd.Api.Submissions;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Output;
using Kuid.Jobd.Core.Processes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Api.Operations;

/// <summary>
/// <c>POST /v1/exec</c>: one command, one answer. The job starts at once and nothing here waits for the disk; a client that goes
/// away ends it.
/// </summary>
internal sealed class Exec(JobService jobs, ILogger log)
{
    internal async Task HandleAsync(HttpContext context)
    {
        ExecRequest request = await StrictJson.ReadAsync(context.Request, ApiJson.Default.ExecRequest);
        string principal = Principals.Of(context);
        using Job job = jobs.Submit(JobSpecs.Of(request, principal));
        JobResult result = await EndAsync(job, principal, context.RequestAborted);
        if (!context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.WriteJsonAsync(ResultOf(job, result, request.Encoding == "base64"), ApiJson.Default.ExecResultJson);
        }
    }

    private async Task<JobResult> EndAsync(Job job, string principal, CancellationToken gone)
    {
        await using CancellationTokenRegistration registration = gone.Register(() =>
        {
            if (job.RequestEnd(JobReason.Canceled))
            {
                Log.WentAway(log, job.Id, principal);
            }
        });
        return await job.Ended;
    }

    private static ExecResultJson ResultOf(Job job, JobResult result, bool base64)
    {
        byte[] stdout = ReadAll(job.Output, OutputStream.Stdout), stderr = ReadAll(job.Output, OutputStream.Stderr);
        return new ExecResultJson
        {
            JobId = job.Id,
            State = Words<JobState>.Of(job.State),
            Reason = Words<JobReason>.Of(result.Reason),
            Detail = result.Detail,
            ExitCode = result.Status?.ExitCode,
            Signal = result.Status?.Signal is { } signal ? SignalNames.Of(signal) : null,
            WaitStatus = result.Status?.Raw,
            Stdout = base64 ? Convert.ToBase64String(stdout) : Encoding.UTF8.GetString(stdout),
            Stderr = base64 ? Convert.ToBase64String(stderr) : Encoding.UTF8.GetString(stderr),
            Encoding = base64 ? "base64" : "text",
            Lossy = !base64 && !(Utf8.IsValid(stdout) && Utf8.IsValid(stderr)),
            Truncated = IsTruncated(job.Output, OutputStream.Stdout) || IsTruncated(job.Output, OutputStream.Stderr),
            DurationSeconds = result.StartedAt is null ? null : result.Duration.TotalSeconds,
        };
    }

    private static bool IsTruncated(OutputLog output, OutputStream stream) => output.Kept(stream) < output.Produced(stream);

    // What a request may ask to have kept is small enough to be in memory, which is where an answer in JSON has to be.
    private static byte[] ReadAll(OutputLog output, OutputStream stream)
    {
        byte[] all = new byte[output.Kept(stream)];
        long offset = 0;
        int filled = 0;
        int n;
        while (filled < all.Length && (n = output.Read(stream, ref offset, all.AsSpan(filled))) > 0)
        {
            offset += n;
            filled += n;
        }

        return all;
    }
}
