using System.Collections.Frozen;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Kuid.Jobd.Core.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kuid.Jobd.Api.Metrics;

/// <summary>What is measured of requests over HTTP. An answer that follows a job takes as long as the job.</summary>
internal static class HttpMeter
{
    private const string None = "none";

    private static readonly Meter Meter = new(KuidMeter.Name);

    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        "kuid.http.request.duration", "s", "How long requests over HTTP took, by method, route and status.", tags: null, KuidMeter.Times);

    // Methods are the clients' words: those that nobody knows are one.
    private static readonly FrozenSet<string> Methods =
        new[] { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT" }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly string[] Codes = [.. Enumerable.Range(0, 600).Select(code => code.ToString(CultureInfo.InvariantCulture))];

    /// <summary>Measures every request, the refused ones too.</summary>
    internal static void UseHttpMeter(this IApplicationBuilder app) => app.Use(async (HttpContext context, RequestDelegate next) =>
    {
        long begun = Stopwatch.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            string method = context.Request.Method;
            Duration.Record(
                Stopwatch.GetElapsedTime(begun).TotalSeconds,
                new KeyValuePair<string, object?>("method", Methods.Contains(method) ? method : None),
                new KeyValuePair<string, object?>("route", RouteOf(context)),
                new KeyValuePair<string, object?>("code", Codes[Math.Clamp(context.Response.StatusCode, 0, Codes.Length - 1)]));
        }
    });

    // The template, never the path. What ends with a problem has lost its endpoint, but for what is told to handlers of exceptions.
    private static string RouteOf(HttpContext context) =>
        ((context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint) as RouteEndpoint)?.RoutePattern.RawText ?? None;
}
