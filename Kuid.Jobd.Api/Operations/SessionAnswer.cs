using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Core.Sessions;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary>Answers with a session.</summary>
internal static class SessionAnswer
{
    /// <summary>Writes a session as the body.</summary>
    internal static Task WriteAsync(HttpContext context, ShellSession session, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteJsonAsync(JsonOf(session), ApiJson.Answers.SessionJson);
    }

    /// <summary>A session as clients see it.</summary>
    internal static SessionJson JsonOf(ShellSession session)
    {
        string? end = session.End;
        return new SessionJson
        {
            Id = session.Id,
            Host = session.Host,
            Principal = session.Principal,
            State = end is not null ? "ended" : session.IsInUse ? "evaluating" : "idle",
            Detail = end,
            Pid = session.Pid,
            IdleSeconds = session.Idle.TotalSeconds,
            CreatedAt = Timestamp.Of(session.CreatedAt),
            UsedAt = Timestamp.Of(session.UsedAt),
            LastJobId = session.Job?.Id,
        };
    }
}
