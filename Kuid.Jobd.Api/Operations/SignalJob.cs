using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Api.Problems;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Processes;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>POST /v1/jobs/{id}/signal</c>: signals a running job's process group.</summary>
internal sealed class SignalJob(JobService jobs)
{
    internal async Task HandleAsync(HttpContext context)
    {
        long id = JobId.Of(context);
        SignalRequest request = await StrictJson.ReadAsync(context.Request, ApiJson.Default.SignalRequest);
        switch (await jobs.SignalAsync(id, NumberOf(request.Signal)))
        {
            case SignalOutcome.NoSuchJob:
                throw JobId.Unknown(id);
            case SignalOutcome.NotRunning:
                throw new ProblemException(ProblemCode.NotRunning, $"job {id} has no process: it has not started, has ended, or is a pipeline");
            default:
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
        }
    }

    private static int NumberOf(string signal) =>
        signal.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c)) && SignalNames.Parse(signal) is { } number
            ? number
            : throw ProblemException.Member(ProblemCode.Invalid, "/signal", "it is no signal; allowed are names such as TERM and SIGTERM, and 1 to 64");
}
