using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Api.Problems;
using Kuid.Jobd.Api.Security;
using Kuid.Jobd.Api.Submissions;
using Kuid.Jobd.Core.Hosts;
using Kuid.Jobd.Core.Sessions;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>POST /v1/sessions</c>: opens a session on a host.</summary>
internal sealed class CreateSession(SessionTable sessions)
{
    private const double IdleSeconds = 900;
    private const double LeastIdleSeconds = 1;
    private const double MostIdleSeconds = 86_400;

    internal async Task HandleAsync(HttpContext context)
    {
        SessionRequest request = await StrictJson.ReadAsync(context.Request, ApiJson.Default.SessionRequest);
        string host = request.Host ?? HostTable.Local;
        double idle = request.IdleSeconds ?? IdleSeconds;
        Check(host, idle);
        ShellSession session = await OpenAsync(host, idle, context);
        context.Response.Headers.Location = $"/v1/sessions/{session.Id}";
        await SessionAnswer.WriteAsync(context, session, StatusCodes.Status201Created);
    }

    private static void Check(string host, double idle)
    {
        var mistakes = new Mistakes();
        if (host.Length is 0 or > SubmissionLimits.HostLength || host.Any(char.IsControl))
        {
            mistakes.Add("/host", $"it has to be 1 to {SubmissionLimits.HostLength} characters without control characters");
        }

        if (!(idle >= LeastIdleSeconds && idle <= MostIdleSeconds))
        {
            mistakes.Add("/idleSeconds", CommandRules.Number(idle, $"{LeastIdleSeconds} to {MostIdleSeconds} seconds"));
        }

        mistakes.ThrowIfAny();
    }

    private async Task<ShellSession> OpenAsync(string host, double idle, HttpContext context)
    {
        try
        {
            return await sessions.OpenAsync(host, Principals.Of(context), TimeSpan.FromSeconds(idle), context.RequestAborted);
        }
        catch (FormatException e)
        {
            throw ProblemException.Member(ProblemCode.Invalid, "/host", e.Message);
        }
        catch (IOException e)
        {
            throw new ProblemException(ProblemCode.Unreachable, $"{host} cannot be reached: {e.Message}");
        }
    }
}
