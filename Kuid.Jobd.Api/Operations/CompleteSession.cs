using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Api.Submissions;
using Kuid.Jobd.Core.Sessions;
using Kuid.Sysreq.Pipeline.Completion;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>POST /v1/sessions/{id}/complete</c>: what can stand at a place in a script that is being written.</summary>
internal sealed class CompleteSession(SessionTable sessions)
{
    internal async Task HandleAsync(HttpContext context)
    {
        CompletionRequest request = await StrictJson.ReadAsync(context.Request, ApiJson.Default.CompletionRequest);
        int position = request.Position ?? request.Line.Length;
        var mistakes = new Mistakes();
        if (request.Line.Length > SubmissionLimits.PipelineBytes)
        {
            mistakes.Add("/line", $"it has {request.Line.Length} characters; at most {SubmissionLimits.PipelineBytes} are allowed");
        }

        if (position < 0 || position > request.Line.Length)
        {
            mistakes.Add("/position", $"{position} is not in the line: 0 to {request.Line.Length}");
        }

        mistakes.ThrowIfAny();
        ShellSession session = SessionId.Find(context, sessions);
        using IDisposable use = SessionId.Use(session);
        ScriptCompletion completion = await session.CompleteAsync(request.Line, position);
        await context.Response.WriteJsonAsync(
            new CompletionJson(completion.Start, position, [.. completion.Items.Select(item => new CompletionItemJson(item.Text, item.Name, item.IsWhole))]),
            ApiJson.Answers.CompletionJson);
    }
}
