using System.Globalization;
using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Api.Problems;
using Kuid.Jobd.Api.Security;
using Kuid.Jobd.Api.Streams;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Output;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Net.Http.Headers;

namespace Kuid.Jobd.Api.Operations;

/// <summary>
/// <c>GET /v1/jobs/{id}/stdout</c>, <c>/stderr</c>, <c>/output</c>: what a job wrote, as bytes, while it runs and after.
/// </summary>
/// <param name="stream">The stream; null for both in the order in which they came.</param>
/// <param name="stopping">Ends the answers that follow a job.</param>
internal sealed class GetOutput(JobService jobs, OutputStream? stream, CancellationToken stopping)
{
    internal async Task HandleAsync(HttpContext context)
    {
        long id = JobId.Of(context);
        var query = new QueryParameters(context.Request.Query, "offset", "limit", "tail", "follow");
        ByteRange? range = RangeOf(context.Request.Headers, query);
        OutputRequest request = OutputRequest.Of(query);

        using OutputReading reading = await jobs.ReadOutputAsync(id) ?? throw JobId.Unknown(id);
        OutputView view = OutputView.Of(
            reading.Log ?? throw new ProblemException(ProblemCode.Pruned, $"the output of job {id} has been removed to make room"), stream);

        context.Response.Headers.AcceptRanges = "bytes";
        context.Response.ContentType = "application/octet-stream";
        context.Response.Headers.CacheControl = "no-cache";
        using Attendance? attendance = request.Follow
            ? Attendance.Of(jobs, id, Principals.Of(context), context.RequestAborted)
            : null;
        await (range is { } part ? SendPartAsync(context, view, part) : SendAsync(context, view, request));
    }

    // A validator that this never gave can only mean that the client knows other bytes: it gets the whole (RFC 9110, 13.1.5).
    private static ByteRange? RangeOf(IHeaderDictionary headers, QueryParameters query)
    {
        ByteRange? range = headers.ContainsKey(HeaderNames.IfRange) ? null : ByteRange.Of(headers);
        return range is null || query.IsEmpty
            ? range
            : throw ProblemException.Parameter("Range", "it cannot be combined with query parameters");
    }

    private async Task SendAsync(HttpContext context, OutputView view, OutputRequest request)
    {
        // Whether it is complete is asked first: what is counted after that can only be more.
        bool complete = view.IsComplete;
        long length = view.Length;
        (long start, long end) = request.Within(length, view.Gap);
        bool truncated = view.IsTruncated(start, Math.Min(end, length));
        Describe(context.Response, start, truncated);
        if (request.Follow)
        {
            await FollowAsync(context, view, start, end);
            return;
        }

        end = Math.Min(end, length);
        if (complete)
        {
            (long gapStart, long gapEnd) = view.Gap;
            long missing = Math.Max(0, Math.Min(end, gapEnd) - Math.Max(start, gapStart));
            context.Response.ContentLength = Math.Max(0, end - start - missing);
        }

        await CopyAsync(context, view, start, end, contiguous: !truncated);
    }

    private static async Task SendPartAsync(HttpContext context, OutputView view, ByteRange range)
    {
        bool complete = view.IsComplete;
        long length = view.Length;
        (long gapStart, long gapEnd) = view.Gap;
        if (range.Within(length) is not var (start, end) || PastGap(start, gapStart, gapEnd) >= length)
        {
            throw range.NotSatisfiable(view.Name, length);
        }

        // A part never passes the gap: it ends before it, or begins behind it.
        bool dropped = start >= gapStart && start < gapEnd;
        start = PastGap(start, gapStart, gapEnd);
        end = Math.Max(end, start + 1);
        bool cut = start < gapStart && end > gapStart && gapStart < gapEnd;
        end = cut ? gapStart : end;

        Describe(context.Response, start, dropped || cut);
        context.Response.StatusCode = StatusCodes.Status206PartialContent;
        context.Response.ContentLength = end - start;
        context.Response.Headers.ContentRange = string.Create(
            CultureInfo.InvariantCulture, $"bytes {start}-{end - 1}/{(complete ? length.ToString(CultureInfo.InvariantCulture) : "*")}");
        await CopyAsync(context, view, start, end, contiguous: true);
    }

    private static long PastGap(long offset, long gapStart, long gapEnd) => offset >= gapStart && offset < gapEnd ? gapEnd : offset;

    private static void Describe(HttpResponse response, long start, bool truncated)
    {
        response.Headers["Kuid-Offset"] = start.ToString(CultureInfo.InvariantCulture);
        response.Headers["Kuid-Truncated"] = truncated ? "true" : "false";
    }

    private static async Task CopyAsync(HttpContext context, OutputView view, long start, long end, bool contiguous)
    {
        try
        {
            await view.CopyAsync(context.Response.Body, start, end, follow: false, contiguous, context.RequestAborted);
        }
        catch (OutputDroppedException)
        {
            // The headers have promised these bytes: an answer that breaks off is honest, one that leaves some out is not.
            context.Abort();
        }
    }

    // A job writes when it likes, and a reader reads when it likes: here neither is too slow.
    private async Task FollowAsync(HttpContext context, OutputView view, long start, long end)
    {
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            await context.Response.StartAsync(ending.Token);
            await context.Response.Body.FlushAsync(ending.Token);
            await view.CopyAsync(context.Response.Body, start, end, follow: true, contiguous: false, ending.Token);
        }
        catch (OperationCanceledException)
        {
            // The client has gone, or the daemon goes: then the answer breaks off, so that nobody takes it for the whole.
            context.Abort();
        }
    }
}
