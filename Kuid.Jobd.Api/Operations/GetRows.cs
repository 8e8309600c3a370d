using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Api.Streams;
using Kuid.Jobd.Core.Jobs;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>GET /v1/jobs/{id}/rows</c>: the rows of a pipeline, each an object on a line of its own.</summary>
internal sealed class GetRows(JobService jobs)
{
    internal async Task HandleAsync(HttpContext context)
    {
        using ResultRequest request = await ResultRequest.OfAsync(context, jobs);
        context.Response.ContentType = "application/x-ndjson";
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers["Kuid-Truncated"] = request.Reader.IsTruncated ? "true" : "false";
        var body = new BufferedBody(context.Response.Body, context.RequestAborted);
        if (request.Index is { } index)
        {
            var row = new RowObject(request.Reader.Columns(index));
            foreach (ReadOnlyMemory<byte> values in request.Reader.Rows(index))
            {
                await body.WriteAsync(row.Of(values));
            }
        }

        await body.FlushAsync();
    }
}
