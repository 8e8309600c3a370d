using System.Globalization;
using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Api.Problems;
using Kuid.Jobd.Api.Streams;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Net.Http.Headers;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>PUT /v1/jobs/{id}/stdin</c>: bytes for the standard input of a job, no faster than it reads.</summary>
internal sealed class PutStdin(JobService jobs, TimeProvider clock)
{
    private const string OffsetHeader = "Kuid-Offset";

    // A person at a terminal may think this long between two lines.
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(300);

    internal async Task HandleAsync(HttpContext context)
    {
        long id = JobId.Of(context);
        var query = new QueryParameters(context.Request.Query, "offset", "eof");
        (long offset, bool eof) = (query.Whole("offset") ?? 0, query.Switch("eof"));
        RequireBytes(context.Request);
        StreamedInput stdin = jobs.StreamedInputOf(id) ?? throw await WhyNoneAsync(id);

        LiftLimits(context);
        var body = new IdleLimitReader(context.Request.BodyReader, Idle, clock);
        try
        {
            if (await stdin.AppendAsync(offset, body, eof, context.RequestAborted) is { } expected)
            {
                throw expected == offset
                    ? Conflict(ProblemCode.Closed, $"the stdin of job {id} has had its end, or another request is sending", expected)
                    : WrongOffset(offset, expected);
            }
        }
        catch (OperationCanceledException)
        {
            // The sender has gone, or paused for too long: its connection breaks, and stdin stays open where it is.
            context.Abort();
            return;
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        context.Response.Headers[OffsetHeader] = Text(offset + body.Consumed);
    }

    private static void RequireBytes(HttpRequest request)
    {
        const string Allowed = "application/octet-stream";
        bool empty = request.ContentLength == 0 && request.ContentType is null;
        if (!empty && !(MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
            && type.MediaType.Equals(Allowed, StringComparison.OrdinalIgnoreCase)))
        {
            throw new ProblemException(ProblemCode.MediaType, $"this takes {Allowed}");
        }
    }

    private static void LiftLimits(HttpContext context)
    {
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }

    private async Task<ProblemException> WhyNoneAsync(long id)
    {
        JobRecord job = await jobs.GetAsync(id) ?? throw JobId.Unknown(id);
        return job switch
        {
            { StdinMode: not StdinMode.Stream } => Conflict(
                ProblemCode.Closed, $"the stdin of job {id} is not streamed: its stdinMode is {Models.Words<StdinMode>.Of(job.StdinMode)}", job.StdinBytes),
            { HasEnded: true } => Conflict(ProblemCode.NotRunning, $"job {id} has ended", job.StdinBytes),
            _ => Conflict(ProblemCode.Closed, $"the stdin of job {id} has had its end", job.StdinBytes),
        };
    }

    private static ProblemException WrongOffset(long offset, long expected) => Conflict(
        ProblemCode.Offset, $"the body begins at offset {offset}, but {expected} bytes have been received: go on at offset {expected}", expected);

    private static ProblemException Conflict(ProblemCode code, string detail, long received) => new(code, detail)
    {
        Headers = new Dictionary<string, string>(StringComparer.Ordinal) { [OffsetHeader] = Text(received) },
    };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
