using System.Net.Http.Headers;
using System.Text.Json;

namespace Kuid.Cli.Api;

/// <content>The operations whose documents kuid passes on as they are, and any other.</content>
internal sealed partial class DaemonClient
{
    /// <summary>Reads a document.</summary>
    /// <param name="path">Path and query, without the slash in front.</param>
    internal Task<JsonElement> DocumentAsync(string path, CancellationToken cancellation) =>
        ReadAsync(Get(path), WireContext.Default.JsonElement, document => document, cancellation);

    /// <summary>Reads all pages of a list.</summary>
    internal async Task<List<JsonElement>> DocumentsAsync(string path, CancellationToken cancellation)
    {
        var documents = new List<JsonElement>();
        string? cursor = null;
        do
        {
            char separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
            string page = cursor is null ? path : $"{path}{separator}cursor={Uri.EscapeDataString(cursor)}";
            cursor = await ReadAsync(Get(page), WireContext.Default.DocumentList, Take, cancellation);
        }
        while (cursor is not null);
        return documents;

        string? Take(DocumentList list)
        {
            documents.AddRange(list.Items);
            return list.NextCursor;
        }
    }

    /// <summary>Asks for something to be done.</summary>
    /// <param name="json">The body; null for none.</param>
    /// <returns>The document of the answer; null when it has none.</returns>
    internal async Task<JsonElement?> DoAsync(HttpMethod method, string path, ReadOnlyMemory<byte>? json, CancellationToken cancellation)
    {
        var request = new HttpRequestMessage(method, path) { Content = json is { } body ? Json(body) : null };
        using HttpResponseMessage response = await SendAsync(request, cancellation);
        return await TakeAsync<JsonElement?>(
            async body =>
            {
                using var bytes = new MemoryStream();
                await body.CopyToAsync(bytes, cancellation);
                return bytes.Length == 0 ? null : JsonSerializer.Deserialize(bytes.ToArray(), WireContext.Default.JsonElement);
            },
            response,
            cancellation);
    }

    /// <summary>Sends a request as it is.</summary>
    /// <returns>The answer, whatever its status; its body is read as it comes.</returns>
    internal async Task<HttpResponseMessage> RawAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        }
        catch (HttpRequestException e)
        {
            throw DaemonConnection.Explain(e, address);
        }
    }

    private static ReadOnlyMemoryContent Json(ReadOnlyMemory<byte> json)
    {
        var content = new ReadOnlyMemoryContent(json);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }
}
