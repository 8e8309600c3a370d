using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Core.Sessions;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>DELETE /v1/sessions/{id}</c>: closes a session; what is being done in it is ended.</summary>
internal sealed class DeleteSession(SessionTable sessions)
{
    internal Task HandleAsync(HttpContext context)
    {
        sessions.Close(SessionId.Find(context, sessions));
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
