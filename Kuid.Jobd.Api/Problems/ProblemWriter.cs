using System.Diagnostics;
using Kuid.Jobd.Api.Json;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Problems;

/// <summary>The one place where problems are written.</summary>
internal static class ProblemWriter
{
    internal const string MediaType = "application/problem+json";

    /// <summary>Answers with a problem.</summary>
    internal static Task WriteAsync(HttpContext context, ProblemException problem)
    {
        foreach ((string name, string value) in problem.Headers)
        {
            context.Response.Headers[name] = value;
        }

        return WriteAsync(context, problem.Code, problem.Message, problem.Errors, problem.JobId);
    }

    /// <summary>Answers with a problem.</summary>
    internal static Task WriteAsync(HttpContext context, ProblemCode code, string detail, IReadOnlyList<ProblemError>? errors = null, long? jobId = null)
    {
        context.Response.StatusCode = code.Status;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteJsonAsync(
            new Problem
            {
                Title = code.Title,
                Status = code.Status,
                Detail = detail,
                Instance = context.Request.Path.ToUriComponent(),
                Code = code.Word,
                Errors = errors,
                JobId = jobId,
                TraceId = TraceId(context),
            },
            ApiJson.Answers.Problem,
            MediaType);
    }

    /// <summary>The number of this exchange in the log: the caller's (W3C Trace Context), or one of its own.</summary>
    internal static string TraceId(HttpContext context) =>
        (string)(context.Items[nameof(TraceId)] ??= (Activity.Current?.TraceId ?? ActivityTraceId.CreateRandom()).ToHexString());
}
