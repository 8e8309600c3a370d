using Microsoft.AspNetCore.Http;

namespace Kuid.Cli.Tests;

public sealed class StatusSpecs
{
    [Theory]
    [InlineData("ok", "ok", null, 0, "takes jobs")]
    [InlineData("failed", "failed", "the disk is full", 125, "takes none: history: the disk is full")]
    public async Task The_daemon_on_a_page(string status, string check, string? detail, int code, string health)
    {
        string text = detail is null ? "null" : $"\"{detail}\"";
        await using StubDaemon stub = await StubDaemon.Start((request, context) => request switch
        {
            "GET /v1/version" => StubDaemon.Json(context, """{"version":"9.9.9","api":"v1","runtime":".NET 10","store":"SQLite 3"}"""),
            "GET /readyz" => Ready(context, $$"""{"status":"{{status}}","checks":[{"name":"history","status":"{{check}}","detail":{{text}}}]}""", code == 0),
            "GET /v1/queues" => StubDaemon.Json(context, """{"items":[{"name":"default","concurrency":8,"paused":false,"draining":false,"waiting":3,"running":1,"scheduled":0}]}"""),
            _ => StubDaemon.Json(context, """{"items":[{"id":3,"state":"running"}],"nextCursor":null}"""),
        });

        ToolRun page = await stub.Kuid("status"), json = await stub.Kuid("status", "-o", "ndjson");

        (page.ExitCode, page.Stderr).Should().Be((code, string.Empty));
        page.Text.Should().Be(
            $"kuid-jobd 9.9.9 at {stub.Socket}: {health}\n.NET 10, SQLite 3\njobs running: 1\n\n"
            + "NAME\tSTATE\tCONCURRENCY\tRUNNING\tWAITING\tSCHEDULED\ndefault\topen\t8\t1\t3\t0\n");
        json.Text.Should().StartWith("""{"version":{"version":"9.9.9",""").And.Contain("\"running\":1,\"queues\":[{").And.EndWith("}\n");
    }

    // The one answer above 399 that is no problem.
    private static Task Ready(HttpContext context, string json, bool isReady)
    {
        context.Response.StatusCode = isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json);
    }
}
