using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Api.Submissions;
using Kuid.Sysreq.Grammar;
using Kuid.Sysreq.Grammar.Tree;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary><c>POST /v1/pipelines/check</c>: whether a pipeline can be read, and what it uses. Nothing is evaluated.</summary>
internal static class CheckPipeline
{
    internal static async Task HandleAsync(HttpContext context)
    {
        PipelineCheckRequest request = await StrictJson.ReadAsync(context.Request, ApiJson.Default.PipelineCheckRequest);
        var mistakes = new Mistakes();
        PipelineRules.CheckLength(request.Pipeline, mistakes);
        mistakes.ThrowIfAny();
        await context.Response.WriteJsonAsync(Check(request.Pipeline), ApiJson.Answers.PipelineCheckJson);
    }

    private static PipelineCheckJson Check(string source)
    {
        try
        {
            Script script = ScriptParser.Parse(source);
            return new PipelineCheckJson(Valid: true, [], [.. CommandUses.Of(script).Select(use =>
                new CommandUseJson(use.Name, use.Place.Line, use.Place.Column, use.IsKnown))]);
        }
        catch (SyntaxException e)
        {
            (SourcePosition start, SourcePosition end) = (e.Span.Start, e.Span.End);
            return new PipelineCheckJson(
                Valid: false, [new PipelineErrorJson(start.Line, start.Column, end.Line, end.Column, e.Message)], []);
        }
    }
}
