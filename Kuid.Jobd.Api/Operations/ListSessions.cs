using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Core.Sessions;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>GET /v1/sessions</c>: the sessions of who asks; of everybody for administrators.</summary>
internal sealed class ListSessions(SessionTable sessions)
{
    internal Task HandleAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteJsonAsync(
            new SessionListJson([.. sessions.All.Where(session => SessionId.IsVisible(context, session.Principal)).Select(SessionAnswer.JsonOf)]),
            ApiJson.Answers.SessionListJson);
    }
}
