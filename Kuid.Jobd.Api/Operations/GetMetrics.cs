using Kuid.Jobd.Core.Metrics;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>GET /metrics</c>: what the daemon measures, as Prometheus reads it.</summary>
internal sealed class GetMetrics(MetricCollector metrics)
{
    internal async Task HandleAsync(HttpContext context)
    {
        byte[] text = metrics.ReadText();
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        context.Response.ContentLength = text.Length;
        await context.Response.Body.WriteAsync(text, context.RequestAborted);
    }
}
