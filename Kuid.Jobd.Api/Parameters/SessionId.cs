using Kuid.Jobd.Api.Problems;
using Kuid.Jobd.Api.Security;
using Kuid.Jobd.Core.Access;
using Kuid.Jobd.Core.Sessions;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Parameters;

/// <summary>The session that a path names, for those whose it is.</summary>
internal static class SessionId
{
    /// <summary>The session.</summary>
    /// <exception cref="ProblemException">There is none, or it is somebody else's, which is the same to them.</exception>
    internal static ShellSession Find(HttpContext context, SessionTable sessions)
    {
        string id = (string)context.Request.RouteValues["id"]!;
        return sessions.Find(id) is { } session && IsVisible(context, session.Principal) ? session : throw Unknown(id);
    }

    /// <summary>Whether a session may be seen and used by who asks: its owner, and administrators.</summary>
    internal static bool IsVisible(HttpContext context, string owner) =>
        owner == Principals.Of(context) || Principals.ScopesOf(context.User).Allows(Scope.Admin);

    /// <summary>Takes a session for the time of a request.</summary>
    /// <exception cref="ProblemException">Something else is being done in it.</exception>
    /// <exception cref="SessionEndedException">Nothing can be done in it any more.</exception>
    internal static IDisposable Use(ShellSession session) => session.TryUse()
        ?? throw new ProblemException(ProblemCode.Evaluating, $"the session {session.Id} does one thing at a time, and is at another; interrupt ends that");

    private static ProblemException Unknown(string id) => new(ProblemCode.NotFound, $"there is no session {id}; one that nobody uses is closed after a time");
}
