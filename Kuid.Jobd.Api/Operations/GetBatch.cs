using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Core.Batches;
using Kuid.Jobd.Core.Storage;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>GET /v1/batches/{id}</c>: a batch, at once, or within the wait when all of its jobs have ended.</summary>
internal sealed class GetBatch(BatchService batches)
{
    internal async Task HandleAsync(HttpContext context)
    {
        long id = BatchId.Of(context);
        TimeSpan wait = Wait.Of(new QueryParameters(context.Request.Query, Wait.Parameter)) ?? TimeSpan.Zero;
        BatchStatus? status = wait > TimeSpan.Zero
            ? await batches.WaitAsync(id, wait, context.RequestAborted)
            : await batches.GetAsync(id);
        context.Response.Headers.CacheControl = "no-cache";
        await context.Response.WriteJsonAsync(BatchJson.Of(status ?? throw BatchId.Unknown(id)), ApiJson.Answers.BatchJson);
    }
}
