using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Api.Security;
using Kuid.Jobd.Core.Batches;
using Kuid.Jobd.Core.Storage;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>POST /v1/batches/{id}/cancel</c>: ends what has not ended of a batch.</summary>
internal sealed class CancelBatch(BatchService batches)
{
    internal async Task HandleAsync(HttpContext context)
    {
        long id = BatchId.Of(context);
        BatchStatus status = await batches.CancelAsync(id, Principals.Of(context)) ?? throw BatchId.Unknown(id);
        context.Response.Headers.CacheControl = "no-cache";
        await context.Response.WriteJsonAsync(BatchJson.Of(status), ApiJson.Answers.BatchJson);
    }
}
