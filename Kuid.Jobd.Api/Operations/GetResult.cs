using System.Globalization;
using System.Text;
using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Api.Streams;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary>
/// <c>GET /v1/jobs/{id}/result</c>: columns, rows and errors of a pipeline as one document, while it runs and after. It is written as
/// it is read: a result may be as large as an output.
/// </summary>
internal sealed class GetResult(JobService jobs)
{
    internal async Task HandleAsync(HttpContext context)
    {
        using ResultRequest request = await ResultRequest.OfAsync(context, jobs);
        ResultReader reader = request.Reader;
        context.Response.ContentType = ResponseJson.MediaType;
        context.Response.Headers.CacheControl = "no-cache";

        var body = new BufferedBody(context.Response.Body, context.RequestAborted);
        await body.WriteAsync(Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"index":{{(request.Index is { } index ? index : "null")}},"results":{{reader.Results}},"complete":{{Word(reader.IsComplete)}},"truncated":{{Word(reader.IsTruncated)}},"columns":""")));
        await body.WriteAsync(request.Index is { } its ? reader.Columns(its) : "[]"u8.ToArray());
        await WriteArrayAsync(body, ",\"rows\":["u8.ToArray(), request.Index is { } whose ? reader.Rows(whose) : []);
        await WriteArrayAsync(body, ",\"errors\":["u8.ToArray(), reader.Errors());
        await body.WriteAsync("}"u8.ToArray());
        await body.FlushAsync();
    }

    private static string Word(bool value) => value ? "true" : "false";

    private static async Task WriteArrayAsync(BufferedBody body, byte[] beginning, IEnumerable<ReadOnlyMemory<byte>> elements)
    {
        await body.WriteAsync(beginning);
        bool first = true;
        foreach (ReadOnlyMemory<byte> element in elements)
        {
            if (!first)
            {
                await body.WriteAsync(","u8.ToArray());
            }

            first = false;
            await body.WriteAsync(element);
        }

        await body.WriteAsync("]"u8.ToArray());
    }
}
