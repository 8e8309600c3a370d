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
/// away ends it, unless it said otherwise.
/// </summary>
internal sealed class Exec(JobService jobs, ILogger log)
{
    internal async Task HandleAsync(HttpContext context)
    {
        ExecRequest request = await StrictJson.ReadAsync(context.Request, ApiJson.Default.ExecRequest);
        string principal = Principals.Of(context);
        using Job job = jobs.Submit(JobSpecs.Of(request, principal, jobs.Isolation));
        AuditTrail.Took(context, job.Id);
        JobResult result = await EndAsync(job, principal, context.RequestAborted);
        if (!context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.WriteJsonAsync(ResultOf(job, result, request.Encoding == "base64"), ApiJson.Answers.ExecResultJson);
        }
    }

    private async Task<JobResult> EndAsync(Job job, string principal, CancellationToken gone)
    {
        await using CancellationTokenRegistration registration = gone.Register(() =>
        {
            if (job.Spec.Disconnect == DisconnectPolicy.Cancel && job.RequestEnd(JobReason.Canceled))
            {
                Log.WentAway(log, job.Id, principal);
            }
        });
        return await job.Ended;
    }

    private static ExecResultJson ResultOf(Job job, JobResult result, bool base64)
    {
        long most = job.Spec.KeepOutput!.Value;
        byte[] stdout = Read(job.Output, OutputStream.Stdout, most), stderr = Read(job.Output, OutputStream.Stderr, most);
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
            Truncated = Math.Max(job.Output.Produced(OutputStream.Stdout), job.Output.Produced(OutputStream.Stderr)) > most,
            DurationSeconds = job.Pid is null ? null : result.Duration.TotalSeconds,
        };
    }

    /// <summary>
    /// What is to be returned of a stream: all, or the first and the last half of what was asked for. While a job runs more may be
    /// kept of it than that.
    /// </summary>
    private static byte[] Read(OutputLog output, OutputStream stream, long most)
    {
        long produced = output.Produced(stream);
        if (produced <= most)
        {
            byte[] all = new byte[produced];
            Fill(output, stream, 0, all);
            return all;
        }

        byte[] ends = new byte[most];
        int head = (int)(most / 2);
        Fill(output, stream, 0, ends.AsSpan(0, head));
        Fill(output, stream, produced - (most - head), ends.AsSpan(head));
        return ends;
    }

    private static void Fill(OutputLog output, OutputStream stream, long offset, Span<byte> bytes)
    {
        int n;
        while (!bytes.IsEmpty && (n = output.Read(stream, ref offset, bytes)) > 0)
        {
            offset += n;
            bytes = bytes[n..];
        }
    }
}
