using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Kuid.Cli.Tests;

/// <summary>A job of the stub's: one whose end, streams and answers the test decides.</summary>
internal sealed class StubJob
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _canceled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>More members of its document, as JSON: <c>"name":"x"</c>.</summary>
    internal string Members { get; set; } = string.Empty;

    /// <summary>Members of its document when it has ended.</summary>
    internal string End { get; set; } = """ "state":"succeeded","reason":"exit","exitCode":0 """;

    /// <summary>Writes its stdout.</summary>
    internal Func<HttpContext, Task> Stdout { get; set; } = _ => Task.CompletedTask;

    /// <summary>Writes its stderr.</summary>
    internal Func<HttpContext, Task> Stderr { get; set; } = _ => Task.CompletedTask;

    /// <summary>Takes its stdin.</summary>
    internal Func<HttpContext, Task> Stdin { get; set; } = context => context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);

    /// <summary>What a signal does.</summary>
    internal Func<HttpContext, string, Task> Signal { get; set; } = (context, _) =>
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    };

    /// <summary>Completes when somebody has canceled it.</summary>
    internal Task Canceled => _canceled.Task;

    /// <summary>Completes when it has ended.</summary>
    internal Task Ended => _ended.Task;

    internal string Running => Document(""" "state":"running","reason":null,"exitCode":null """);

    private string Now => _ended.Task.IsCompleted ? Document(End) : Running;

    /// <summary>Ends it.</summary>
    internal void Finish() => _ended.TrySetResult();

    /// <summary>A stub that has this job under the number 7.</summary>
    internal Task<StubDaemon> Serve() => StubDaemon.Start(AnswerAsync);

    /// <summary>Answers a request about it.</summary>
    internal async Task AnswerAsync(string request, HttpContext context)
    {
        switch (request)
        {
            case "POST /v1/jobs":
                await StubDaemon.Json(context, Running, StatusCodes.Status202Accepted);
                break;
            case "GET /v1/jobs/7":
                if (context.Request.Query.ContainsKey("wait"))
                {
                    await _ended.Task.WaitAsync(context.RequestAborted);
                }

                await StubDaemon.Json(context, Now);
                break;
            case "POST /v1/jobs/7/cancel":
                _canceled.TrySetResult();
                await StubDaemon.Json(context, Now, StatusCodes.Status202Accepted);
                break;
            case "POST /v1/jobs/7/signal":
                using (var reader = new StreamReader(context.Request.Body))
                {
                    await Signal(context, await reader.ReadToEndAsync());
                }

                break;
            case "PUT /v1/jobs/7/stdin":
                await Stdin(context);
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
            case "GET /v1/jobs/7/stdout":
                await Output(context, Stdout);
                break;
            case "GET /v1/jobs/7/stderr":
                await Output(context, Stderr);
                break;
            default:
                await StubDaemon.Problem(context, StatusCodes.Status404NotFound, "notfound", $"there is nothing at {request}");
                break;
        }
    }

    private static async Task Output(HttpContext context, Func<HttpContext, Task> write)
    {
        context.Response.ContentType = "application/octet-stream";
        await context.Response.StartAsync();
        await write(context);
    }

    private string Document(string state) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        {"id":7,"kind":"argv","argv":["echo","a b"],"queue":"default","createdAt":"2026-03-01T10:20:30.000Z",{{Members}}{{(Members.Length > 0 ? "," : "")}}{{state}}}
        """);
}
