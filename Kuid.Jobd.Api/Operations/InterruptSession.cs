using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Api.Security;
using Kuid.Jobd.Core.Sessions;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary>
/// <c>POST /v1/sessions/{id}/interrupt</c>: ends the evaluation that is being made, as Ctrl-C does at a terminal. Where there is none,
/// nothing happens.
/// </summary>
internal sealed class InterruptSession(SessionTable sessions)
{
    internal Task HandleAsync(HttpContext context)
    {
        ShellSession session = SessionId.Find(context, sessions);
        session.Interrupt(Principals.Of(context));
        return SessionAnswer.WriteAsync(context, session);
    }
}
