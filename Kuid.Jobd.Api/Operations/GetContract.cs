using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>GET /openapi.yaml</c>: the contract.</summary>
internal static class GetContract
{
    internal static async Task HandleAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        response.ContentType = "application/yaml";
        response.ContentLength = Contract.Bytes.Length;
        response.Headers.ETag = Contract.Tag;
        await response.Body.WriteAsync(Contract.Bytes, context.RequestAborted);
    }
}
