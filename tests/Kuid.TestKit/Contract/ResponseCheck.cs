using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.OpenApi;

namespace Kuid.TestKit.Contract;

/// <summary>Holds an answer against what its operation documents: status, headers, content type, body.</summary>
internal static class ResponseCheck
{
    private const string ProblemType = "application/problem+json";

    // A member that comes twice is an error, which System.Text.Json has to be told.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Whether a body is JSON, and so has to be looked at.</summary>
    internal static bool IsJson(HttpContent content) =>
        content.Headers.ContentType?.MediaType is { } type && (type == "application/json" || type.EndsWith("+json", StringComparison.Ordinal));

    /// <summary>Checks the answer of an operation.</summary>
    /// <param name="json">The body; null when it is not JSON.</param>
    internal static IEnumerable<Violation> OfOperation(ContractOperation operation, HttpResponseMessage response, byte[]? json)
    {
        int status = (int)response.StatusCode;
        if (operation.Response(status) is not { } documented)
        {
            return [new Violation("status", $"one of {string.Join(", ", operation.Statuses)}", $"{status}{Excerpt(json)}")];
        }

        return [.. Headers(documented, response), .. Content(documented, response, json)];
    }

    /// <summary>Checks the answer to a request that asks for no operation: a Problem that says so, or an earlier refusal.</summary>
    /// <param name="methods">The methods that the path does know; none when it is no path of the contract.</param>
    internal static IEnumerable<Violation> OfNothing(
        IReadOnlyList<HttpMethod> methods, HttpResponseMessage response, byte[]? json, IOpenApiSchema problem)
    {
        int answer = methods is [] ? 404 : 405, status = (int)response.StatusCode;
        if (status != answer && status is not (401 or 403 or 421))
        {
            return [new Violation("status", $"{answer}, 401, 403 or 421", $"{status}{Excerpt(json)}")];
        }

        ICollection<string> allowed = response.Content.Headers.Allow;
        IEnumerable<Violation> allow = status == 405 && !methods.Select(m => m.Method).ToHashSet(StringComparer.Ordinal).IsSubsetOf(allowed)
            ? [new Violation("header Allow", string.Join(", ", methods), allowed.Count == 0 ? "none" : string.Join(", ", allowed))]
            : [];
        return [.. allow, .. MediaType(response.Content, ProblemType), .. Body(json, problem), .. Status(json, status)];
    }

    private static IEnumerable<Violation> Headers(IOpenApiResponse documented, HttpResponseMessage response)
    {
        foreach ((string name, IOpenApiHeader header) in documented.Headers ?? new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal))
        {
            string? text = Header(response.Headers, name) ?? Header(response.Content.Headers, name);
            if (text is null && header.Required)
            {
                yield return new Violation($"header {name}", "one, which is required", "none");
            }

            foreach (Violation violation in text is null || header.Schema is null
                ? [] : SchemaCheck.Check(HeaderValue(text, header.Schema), header.Schema, $"header {name}"))
            {
                yield return violation;
            }
        }

        // The project's own headers are part of the contract; what servers and proxies add is not.
        foreach (string name in response.Headers.NonValidated.Select(h => h.Key).Where(
            n => n.StartsWith("Kuid-", StringComparison.OrdinalIgnoreCase)
                && documented.Headers?.Keys.Contains(n, StringComparer.OrdinalIgnoreCase) is not true))
        {
            yield return new Violation($"header {name}", "no such header", Header(response.Headers, name)!);
        }
    }

    private static List<Violation> Content(IOpenApiResponse documented, HttpResponseMessage response, byte[]? json)
    {
        if (documented.Content is not { Count: > 0 } types)
        {
            HttpContentHeaders headers = response.Content.Headers;
            return headers.ContentType is { } type ? [new Violation("content type", "none, for there is no body", $"{type}")]
                : headers.ContentLength > 0 ? [new Violation(string.Empty, "none", $"{headers.ContentLength} bytes")]
                : [];
        }

        (string expected, OpenApiMediaType media) = types.Single();
        if (MediaType(response.Content, expected).ToList() is { Count: > 0 } wrong)
        {
            return wrong;
        }

        List<Violation> body = IsJson(response.Content) && media.Schema is { } schema ? [.. Body(json, schema)] : [];
        return expected != ProblemType || body.Count > 0
            ? body
            : [.. Status(json, (int)response.StatusCode), .. Code(json, [.. media.Examples?.Keys ?? []])];
    }

    private static IEnumerable<Violation> MediaType(HttpContent content, string expected)
    {
        MediaTypeHeaderValue? type = content.Headers.ContentType;
        bool isUtf8 = type?.CharSet is null || type.CharSet.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase);
        return type?.MediaType == expected && isUtf8 ? [] : [new Violation("content type", expected, type?.ToString() ?? "none")];
    }

    private static IEnumerable<Violation> Body(byte[]? json, IOpenApiSchema schema)
    {
        try
        {
            return SchemaCheck.Check(Parse(json), schema);
        }
        catch (JsonException e)
        {
            return [new Violation(string.Empty, "JSON", $"{e.Message}{Excerpt(json)}")];
        }
    }

    private static IEnumerable<Violation> Status(byte[]? json, int status) => Member(json, "status") is { ValueKind: JsonValueKind.Number } member
        && member.TryGetInt32(out int said) && said != status ? [new Violation("/status", $"{status}, the status of the answer", $"{said}")] : [];

    // A Problem has an example for each code that it can have, under that name; so the examples are the list.
    private static IEnumerable<Violation> Code(byte[]? json, IReadOnlyList<string> codes) => Member(json, "code")?.GetString() is { } code
        && !codes.Contains(code, StringComparer.Ordinal)
            ? [new Violation("/code", $"one of {string.Join(", ", codes)}", code)]
            : [];

    private static JsonElement? Member(byte[]? json, string name)
    {
        try
        {
            JsonElement body = Parse(json);
            return body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out JsonElement member) ? member : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonElement Parse(byte[]? json)
    {
        using var document = JsonDocument.Parse(json ?? [], Strict);
        return document.RootElement.Clone();
    }

    private static string? Header(HttpHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out HeaderStringValues values) ? values.ToString() : null;

    // A header is text: read as a JSON literal where the schema wants one, and shown as the string it is where that fails.
    private static JsonElement HeaderValue(string text, IOpenApiSchema schema)
    {
        if (schema.Type != JsonSchemaType.String)
        {
            try
            {
                return Parse(System.Text.Encoding.UTF8.GetBytes(text));
            }
            catch (JsonException)
            {
                return JsonSerializer.SerializeToElement(text);
            }
        }

        return JsonSerializer.SerializeToElement(text);
    }

    private static string Excerpt(byte[]? json) => json is null ? string.Empty
        : " with " + System.Text.Encoding.UTF8.GetString(json.AsSpan(0, Math.Min(json.Length, 300)));
}
