using System.Text;
using Microsoft.AspNetCore.Http;

namespace Kuid.Cli.Tests;

/// <summary><c>kuid api</c>: what goes out and what comes back, byte for byte.</summary>
public sealed class ApiSpecs(RealDaemon daemon)
{
    private static readonly byte[] Bytes = [0, 255, (byte)'\r', (byte)'\n', 128, (byte)'x'];

    [Fact]
    public async Task The_answer_is_printed_as_it_is()
    {
        await using StubDaemon stub = await StubDaemon.Start((_, context) => context.Response.Body.WriteAsync(Bytes).AsTask());

        ToolRun run = await stub.Kuid("api", "get", "/any/path?a=b%20c&d");

        (run.ExitCode, run.Stderr).Should().Be((0, string.Empty));
        run.Stdout.Should().Equal(Bytes);
        stub.Requests.Should().Equal("GET /any/path?a=b%20c&d");
    }

    [Fact]
    public async Task A_refusal_is_printed_too_and_the_exit_code_says_so()
    {
        await using StubDaemon stub = await StubDaemon.Start((_, context) => StubDaemon.Json(context, "{\"code\":\"gone\"}", StatusCodes.Status410Gone));

        (await stub.Kuid("api", "DELETE", "/v1/x")).Should().BeEquivalentTo(new { ExitCode = 125, Text = "{\"code\":\"gone\"}", Stderr = string.Empty });
    }

    [Theory]
    [InlineData("text")]
    [InlineData("file")]
    [InlineData("stdin")]
    public async Task A_body_comes_from_a_word_a_file_or_standard_input(string source)
    {
        using var folder = new TempFolder();
        string type = string.Empty;
        byte[] sent = source == "text" ? Encoding.UTF8.GetBytes("{\"ä\":1}") : Bytes, received = [];
        await File.WriteAllBytesAsync(folder["body"], Bytes, TestContext.Current.CancellationToken);
        await using StubDaemon stub = await StubDaemon.Start(async (_, context) =>
        {
            using var all = new MemoryStream();
            await context.Request.Body.CopyToAsync(all);
            (received, type) = (all.ToArray(), context.Request.ContentType!);
        });
        string[] body = source switch { "text" => ["-d", "{\"ä\":1}"], "file" => ["-f", folder["body"]], _ => ["-f", "-"] };
        string[] header = source == "text" ? [] : ["-H", "Content-Type: application/octet-stream"];

        ToolRun run = await KuidCommand.Run(["api", "POST", "/v1/x", .. body, .. header], Bytes, ("KUID_SOCKET", stub.Socket));

        (run.ExitCode, run.Stderr).Should().Be((0, string.Empty));
        received.Should().Equal(sent);
        type.Should().Be(source == "text" ? "application/json" : "application/octet-stream");
    }

    [Fact]
    public async Task Headers_go_out_and_are_shown_when_asked_for()
    {
        string seen = string.Empty;
        await using StubDaemon stub = await StubDaemon.Start((_, context) =>
        {
            seen = context.Request.Headers.IfNoneMatch.ToString();
            context.Response.Headers.ETag = "\"2\"";
            return context.Response.WriteAsync("body");
        });

        ToolRun run = await stub.Kuid("api", "-i", "GET", "/v1/x", "-H", "If-None-Match: \"1\"");

        seen.Should().Be("\"1\"");
        run.Text.Should().StartWith("HTTP/1.1 200 OK\r\n").And.Contain("\r\nETag: \"2\"\r\n").And.EndWith("\r\n\r\nbody");
    }

    [Fact]
    public async Task A_real_job_is_submitted_and_read_with_it()
    {
        ToolRun submitted = await daemon.Kuid("api", "POST", "/v1/jobs?wait=60", "-d", """{"kind":"shell","command":"printf 'a\\0\\377'"}""");
        string id = System.Text.Json.JsonDocument.Parse(submitted.Text).RootElement.GetProperty("id").GetRawText();

        (await daemon.Kuid("api", "GET", $"/v1/jobs/{id}/stdout")).Stdout.Should().Equal([(byte)'a', 0, 255]);
        ToolRun refused = await daemon.Kuid("api", "POST", "/v1/jobs", "-d", """{"kind":"shell","comand":"x"}""");
        refused.ExitCode.Should().Be(125);
        refused.Text.Should().Contain("comand");
    }
}
