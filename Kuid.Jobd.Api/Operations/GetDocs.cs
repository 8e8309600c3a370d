using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>GET /docs</c> and what the page is made of: the contract for people, from this daemon alone.</summary>
internal static class GetDocs
{
    internal static Task PageAsync(HttpContext context)
    {
        context.Response.Headers.ContentSecurityPolicy = Docs.Policy;
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        return WriteAsync(context, "text/html; charset=utf-8", Docs.Page);
    }

    internal static Task StartAsync(HttpContext context) => WriteAsync(context, "text/javascript; charset=utf-8", Docs.Start);

    internal static Task ScriptAsync(HttpContext context) => CopyAsync(context, "text/javascript; charset=utf-8", "swagger-ui-bundle.js");

    internal static Task StyleAsync(HttpContext context) => CopyAsync(context, "text/css; charset=utf-8", "swagger-ui.css");

    private static Task WriteAsync(HttpContext context, string type, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Describe(context.Response, type);
        context.Response.ContentLength = bytes.Length;
        return context.Response.Body.WriteAsync(bytes, context.RequestAborted).AsTask();
    }

    private static async Task CopyAsync(HttpContext context, string type, string file)
    {
        bool compressed = TakesGzip(context.Request);
        Describe(context.Response, type);
        context.Response.Headers.Vary = HeaderNames.AcceptEncoding;
        context.Response.Headers.ContentEncoding = compressed ? "gzip" : default;
        await using Stream content = compressed ? Docs.Open(file) : Docs.OpenPlain(file);
        await content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private static void Describe(HttpResponse response, string type)
    {
        response.ContentType = type;
        response.Headers.CacheControl = "no-cache";
        response.Headers.XContentTypeOptions = "nosniff";
    }

    private static bool TakesGzip(HttpRequest request) =>
        StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptEncoding, out IList<StringWithQualityHeaderValue>? encodings)
        && encodings.Any(encoding => encoding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) && encoding.Quality is not 0);
}
