using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Json;

/// <summary>Answers in JSON, whole and with their length.</summary>
internal static class ResponseJson
{
    internal const string MediaType = "application/json";

    /// <summary>Writes a value as the body.</summary>
    internal static async Task WriteJsonAsync<T>(this HttpResponse response, T value, JsonTypeInfo<T> type, string mediaType = MediaType)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(value, type);
        response.ContentType = mediaType;
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, response.HttpContext.RequestAborted);
    }
}
