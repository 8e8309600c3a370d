using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Core.Sessions;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>GET /v1/sessions/{id}</c>: a session.</summary>
internal sealed class GetSession(SessionTable sessions)
{
    internal Task HandleAsync(HttpContext context) => SessionAnswer.WriteAsync(context, SessionId.Find(context, sessions));
}
