using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Security;

/// <summary>
/// Requests that change something are refused when a page of another origin made the browser send them. Browsers say so in
/// Origin and in Sec-Fetch-Site; programs send neither. Another port of the same host is another origin.
/// </summary>
internal static class OriginRule
{
    /// <summary>The origin, for a message, when the request is refused.</summary>
    internal static string? Refuses(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            return null;
        }

        string? origin = request.Headers.Origin;
        if (origin is not null && !origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase))
        {
            return origin;
        }

        string? site = request.Headers["Sec-Fetch-Site"];
        return site is null or "same-origin" or "none" ? null : "another site";
    }
}
