using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Core.Batches;
using Kuid.Jobd.Core.Storage;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>GET /v1/batches</c>: a page of batches, the newest first.</summary>
internal sealed class ListBatches(BatchService batches)
{
    private const int DefaultPage = 50;

    // Each may have a thousand jobs, which are counted.
    private const int LongestPage = 500;

    internal async Task HandleAsync(HttpContext context)
    {
        var parameters = new QueryParameters(context.Request.Query, "limit", "cursor");
        BatchPage page = await batches.ListAsync(
            parameters.Read("cursor", Cursor.Parse, "the nextCursor of a page is allowed, as it came"),
            (int)Math.Min(parameters.Whole("limit", least: 1) ?? DefaultPage, LongestPage));
        string? cursor = page.Next is { } next ? Cursor.Of(next) : null;
        if (cursor is not null)
        {
            context.Response.Headers.Link = $"<{context.Request.Path}{QueryParameters.With(context.Request.Query, "cursor", cursor)}>; rel=\"next\"";
        }

        await context.Response.WriteJsonAsync(
            new BatchListJson([.. page.Batches.Select(batch => BatchJson.Of(batch))], cursor), ApiJson.Answers.BatchListJson);
    }
}
