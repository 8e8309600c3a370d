using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Kuid.Jobd.Api.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Kuid.Jobd.Api.Json;

/// <summary>
/// Bodies in JSON: the whole of it or a problem that says what is wrong and where. A body is first compared with the shape of
/// what it is to be, which finds the place and the code, and then deserialized, where nothing is left to go wrong.
/// </summary>
internal static class StrictJson
{
    /// <summary>How deep a document may be nested.</summary>
    internal const int MaxDepth = 64;

    /// <summary>Reads the body of a request.</summary>
    /// <exception cref="ProblemException">It is not what the type describes.</exception>
    internal static async Task<T> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type)
        where T : class
    {
        RequireJson(request);
        return Parse(await ReadBodyAsync(request.BodyReader, request.HttpContext.RequestAborted), type);
    }

    /// <summary>Reads a document.</summary>
    /// <exception cref="ProblemException">It is not what the type describes.</exception>
    internal static T Parse<T>(ReadOnlyMemory<byte> body, JsonTypeInfo<T> type)
        where T : class
    {
        using JsonDocument document = Parse(body);
        if (JsonShape.FirstFault(document.RootElement, type, JsonPointer.Root) is { } fault)
        {
            throw fault;
        }

        return document.RootElement.Deserialize(type)
            ?? throw ProblemException.Member(ProblemCode.Type, JsonPointer.Root, "it has to be an object");
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
        {
            throw new ProblemException(ProblemCode.Malformed, "the body is empty; it has to be a JSON object");
        }

        if (!Utf8.IsValid(body.Span))
        {
            throw new ProblemException(ProblemCode.Malformed, "the body is not UTF-8");
        }

        try
        {
            return JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = MaxDepth });
        }
        catch (JsonException e)
        {
            throw new ProblemException(ProblemCode.Malformed, string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"the body is not JSON, or nested deeper than {MaxDepth}: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}"));
        }
    }

    private static void RequireJson(HttpRequest request)
    {
        const string Allowed = "this takes application/json";
        if (request.Headers.ContentEncoding.Count > 0)
        {
            throw new ProblemException(ProblemCode.MediaType, $"the body has a Content-Encoding; {Allowed} as it is");
        }

        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
            || !type.MediaType.Equals(ResponseJson.MediaType, StringComparison.OrdinalIgnoreCase)
            || (type.Charset.HasValue && type.Encoding is not UTF8Encoding))
        {
            throw new ProblemException(
                ProblemCode.MediaType, request.ContentType is { } given ? $"the body is {given}; {Allowed}" : $"the body has no Content-Type; {Allowed}");
        }
    }

    // Kestrel counts, and refuses a body beyond its limit whether its length was announced or not.
    private static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(PipeReader reader, CancellationToken cancellation)
    {
        while (true)
        {
            ReadResult read = await reader.ReadAsync(cancellation);
            if (read.IsCompleted)
            {
                byte[] body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
