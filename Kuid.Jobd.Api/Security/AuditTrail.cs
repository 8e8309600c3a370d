using System.Globalization;
using Kuid.Jobd.Core.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kuid.Jobd.Api.Security;

/// <summary>
/// The line that a request leaves in the audit log: one, written when its job is taken, else when its answer begins. So an answer
/// that follows a job for hours is noted at once, and so is a job whose client never sees the answer.
/// </summary>
internal sealed class AuditTrail(AccessGate gate, HttpContext context)
{
    private bool _written;

    /// <summary>A job has been taken for this request.</summary>
    internal static void Took(HttpContext context, long job) => context.Features.Get<AuditTrail>()?.Write(job);

    /// <summary>Writes the line, unless it is written.</summary>
    internal void Write(long? job = null)
    {
        if (_written)
        {
            return;
        }

        _written = true;
        int status = context.Response.StatusCode;
        bool isRefused = job is null
            && status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden or StatusCodes.Status421MisdirectedRequest;
        Endpoint? endpoint = context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        Scope? needed = endpoint?.Metadata.GetMetadata<RequiredScope>()?.Scope;
        if (!isRefused && needed is null)
        {
            // What needs no scope, health mostly, and what is no operation at all.
            return;
        }

        RouteValueDictionary route = context.Request.RouteValues;
        gate.Note(new AccessDecision(
            !isRefused, "http", context.User.Identity?.Name ?? Principals.OfPeer(context), endpoint?.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName, needed)
        {
            Service = endpoint?.Metadata.GetMetadata<RunsService>() is null ? null : route["name"] as string,
            Job = job ?? JobOf(route),
            Status = job is null && (context.Response.HasStarted || !context.RequestAborted.IsCancellationRequested) ? status : null,
        });
    }

    private long? JobOf(RouteValueDictionary route) =>
        context.Request.Path.StartsWithSegments("/v1/jobs", StringComparison.Ordinal)
        && long.TryParse(route["id"] as string, NumberStyles.None, CultureInfo.InvariantCulture, out long id)
            ? id
            : null;
}

/// <summary>Puts <see cref="AuditTrail"/> around all else.</summary>
internal static class AuditTrailExtensions
{
    /// <summary>Adds it.</summary>
    internal static void UseAuditTrail(this IApplicationBuilder app, AccessGate gate) => app.Use(async (HttpContext context, RequestDelegate next) =>
    {
        var trail = new AuditTrail(gate, context);
        context.Features.Set(trail);
        context.Response.OnStarting(
            static trail =>
            {
                ((AuditTrail)trail).Write();
                return Task.CompletedTask;
            },
            trail);
        try
        {
            await next(context);
        }
        finally
        {
            trail.Write();
        }
    });
}
