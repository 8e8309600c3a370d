using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Kuid.TestKit.Contract;

namespace Kuid.Http.Tests;

/// <summary>
/// Requests that must do nothing: each gets its code, nothing is run or stored, and nothing of the daemon's inside is in the answer.
/// </summary>
public sealed class SecurityMatrixSpecs(SharedDaemon shared) : IClassFixture<SharedDaemon>
{
    private readonly HttpDaemon _http = shared.Http;

    public static TheoryData<string, int, string> BadBodies() => new()
    {
        { """{"kind":"shell","command":"touch MARK","comand":"x"}""", 400, "unknown" },
        { """{"kind":"shell","command":"touch MARK","command":"touch MARK"}""", 400, "duplicate" },
        { """{"kind":"shell","command":"touch MARK","timeoutSeconds":"1"}""", 400, "type" },
        { """{"kind":"shell","command":"touch MARK"} x""", 400, "malformed" },
        { """{"kind":"shell","command":"touch MARK","labels":""" + new string('[', 65) + new string(']', 65) + "}", 400, "malformed" },
        { """{"kind":"shell","command":"touch MARK\u0000"}""", 422, "invalid" },
        { """{"kind":"shell","command":"touch MARK \ud800"}""", 422, "invalid" },
        { """{"kind":"shell","Command":"touch MARK"}""", 400, "unknown" },
        { new string('[', 100_000), 400, "malformed" },
        { """{"kind":"shell","command":"touch MARK","timeoutSeconds":-1}""", 422, "invalid" },
        { string.Empty, 400, "malformed" },
    };

    [Theory]
    [MemberData(nameof(BadBodies))]
    public async Task Rows_111_and_112_A_bad_body_runs_nothing(string body, int status, string code)
    {
        foreach (string path in (string[])["/v1/jobs", "/v1/exec"])
        {
            await NothingHappens(_http.Client, status, code, mark => new HttpRequestMessage(HttpMethod.Post, path) { Content = Requests.Json(body.Replace("MARK", mark, StringComparison.Ordinal)) });
        }
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/jsonx")]
    [InlineData(null)]
    public async Task Row_113_A_body_of_another_media_type_runs_nothing(string? type) =>
        await NothingHappens(_http.Client, 415, "mediatype", mark =>
        {
            var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Requests.Shell("touch " + mark)));
            content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
            return new HttpRequestMessage(HttpMethod.Post, "/v1/jobs") { Content = content };
        });

    [Theory]
    [InlineData("example.org")]
    [InlineData("localhost.")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("127.0.0.1.nip.io:8080")]
    public async Task Rows_118_and_119_A_foreign_Host_runs_nothing(string host) => await NothingHappens(_http.Client, 421, "host", mark =>
    {
        HttpRequestMessage request = Submission(mark);
        request.Headers.Host = host;
        return request;
    });

    [Theory]
    [InlineData("Origin", "http://example.org")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task Row_117_A_foreign_page_runs_nothing(string header, string value) => await NothingHappens(_http.Client, 403, "origin", mark =>
    {
        HttpRequestMessage request = Submission(mark);
        request.Headers.Add(header, value);
        return request;
    });

    [Theory]
    [InlineData(null)]
    [InlineData("wrong")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Row_106_Over_TCP_nothing_is_done_without_the_token_on_any_route(string? token)
    {
        using HttpClient client = _http.Tcp(token);
        await NothingHappens(client, 401, "unauthorized", Submission);
        foreach (ContractOperation operation in HttpContract.OfRepository.Operations)
        {
            using HttpResponseMessage response = await client.SendAsync(
                new HttpRequestMessage(operation.Method, operation.Path.Replace("{id}", "1", StringComparison.Ordinal).Replace("{name}", "local", StringComparison.Ordinal)));
            bool open = operation.Id is "getHealth" or "getVersion";
            response.StatusCode.Should().Be(open ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, "{0}", operation);
        }
    }

    [Fact]
    public async Task Over_TCP_the_token_opens_everything()
    {
        using HttpClient client = _http.Tcp(_http.Token);
        (await client.SubmitToEnd("exit 0")).Text("principal").Should().Be("token");
    }

    [Fact]
    public async Task The_token_and_wrong_tokens_are_in_no_log_line()
    {
        using HttpClient right = _http.Tcp(_http.Token), wrong = _http.Tcp("not-the-token-but-something-else");
        await right.GetAsync("/v1/jobs");
        await wrong.GetAsync("/v1/jobs");
        await Eventually.Holds(() => _http.Daemon.Log.Contains("token that is not", StringComparison.Ordinal), "the refusal is logged");
        _http.Daemon.Log.Should().NotContain(_http.Token).And.NotContain("not-the-token-but");
    }

    [Fact]
    public async Task Row_108_A_body_of_40_MB_is_too_large_announced_or_not()
    {
        foreach (bool chunked in (bool[])[false, true])
        {
            ToolRun run = await ToolRun.Of(
                "curl",
                [
                    "-sS", "--unix-socket", _http.SocketPath, "-o", "/dev/stdout", "-w", "\n%{http_code}", "-H", "Content-Type: application/json",
                    .. chunked ? (string[])["-H", "Transfer-Encoding: chunked"] : [], "--data-binary", "@-", "http://localhost/v1/jobs",
                ],
                stdin: Encoding.ASCII.GetBytes("{\"kind\":\"shell\",\"command\":\"" + new string('a', 40_000_000) + "\"}"));
            run.Text.Should().EndWith("\n413").And.Contain("\"toolarge\"");
        }
    }

    [Theory]
    [InlineData("/v1/jobs/..%2f..%2fetc%2fpasswd", 404)]
    [InlineData("/v1/jobs/%00", 400)]
    [InlineData("/v1/jobs//", 404)]
    [InlineData("/v1/jobs/1.0", 404)]
    [InlineData("/v1/jobs/+1", 404)]
    [InlineData("/v1/jobs/-1", 404)]
    [InlineData("/v1/jobs/99999999999999999999", 404)]
    [InlineData("/nothing/here", 404)]
    [InlineData("/v1/jobs/1/stdout/x", 404)]
    public async Task Row_115_A_path_that_names_no_job_is_not_found(string path, int status)
    {
        // Who reads a number too generously finds this one.
        await _http.Client.SubmitToEnd("exit 0");
        using HttpResponseMessage first = await _http.Client.GetAsync("/v1/jobs/1");
        first.StatusCode.Should().Be(HttpStatusCode.OK);

        ToolRun run = await ToolRun.Of(
            "curl", ["-sS", "--path-as-is", "--unix-socket", _http.SocketPath, "-w", "\n%{http_code}", "http://localhost" + path]);
        run.Text.Should().EndWith($"\n{status}").And.NotContain(_http.Daemon.Folder.Path);
    }

    [Fact]
    public async Task A_method_that_a_path_does_not_know_is_told_which_it_does()
    {
        using HttpResponseMessage response = await _http.Client.PatchAsync("/v1/jobs", Requests.Json("{}"));
        response.StatusCode.Should().Be(HttpStatusCode.MethodNotAllowed);
        response.Content.Headers.Allow.Should().BeEquivalentTo("GET", "POST");
        (await response.Code()).Should().Be("method");
    }

    [Fact]
    public async Task The_door_says_nothing_of_what_it_is_made_of()
    {
        using HttpResponseMessage response = await _http.Client.GetAsync("/healthz");
        response.Headers.Contains("Server").Should().BeFalse();
    }

    [Theory]
    [InlineData("GET /healthz HTTP/1.1\r\n\r\n", "400")]
    [InlineData("GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", "400")]
    [InlineData("GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: example.org\r\n\r\n", "400")]
    [InlineData("GET http://example.org/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", "400")]
    [InlineData("GET /healthz HTTP/1.0\r\nConnection: close\r\n\r\n", "421")]
    [InlineData("uname -a\r\n0\r\n", "400")]
    public async Task Row_119_What_is_no_clean_HTTP_1_1_request_is_refused_and_its_connection_closed(string bytes, string status)
    {
        using SockprocClient client = await SockprocClient.Connect(_http.SocketPath);
        await client.Send(bytes);
        Encoding.ASCII.GetString(await client.ReadToEnd()).Should().StartWith("HTTP/1.1 " + status);
    }

    // A proxy in front that takes the other length, or the other end of a line, would take what is behind for a request of its own.
    [Theory]
    [InlineData("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nSMUGGLED")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\nSMUGGLED")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n2;x\n{}\r\n0\r\n\r\nSMUGGLED")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n2\n{}\r\n0\r\n\r\nSMUGGLED")]
    [InlineData("Content-Length: 2\r\nContent-Length: 7\r\n\r\n{}SMUGGLED")]
    [InlineData("Content-Length: 2, 7\r\n\r\n{}SMUGGLED")]
    [InlineData("Content-Length : 2\r\n\r\n{}SMUGGLED")]
    [InlineData("Transfer-Encoding: chunked, identity\r\n\r\n2\r\n{}\r\n0\r\n\r\nSMUGGLED")]
    [InlineData("Transfer-Encoding:\vchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\nSMUGGLED")]
    [InlineData("X: 1\n Content-Length: 2\r\n\r\n{}SMUGGLED")]
    public async Task Row_120_A_request_of_two_lengths_has_nothing_behind_it_that_is_run(string rest)
    {
        string mark = _http.Daemon.Folder[Guid.NewGuid().ToString("N")];
        string body = Requests.Shell("touch " + mark);
        string smuggled = $"POST /v1/exec HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}";
        using SockprocClient client = await SockprocClient.Connect(_http.SocketPath);

        await client.Send("POST /v1/exec HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + rest.Replace("SMUGGLED", smuggled, StringComparison.Ordinal));

        string answers = Encoding.ASCII.GetString(await client.ReadToEnd());
        answers.Should().StartWith("HTTP/1.1 4").And.NotContain("HTTP/1.1 200", "what was behind is no request");
        File.Exists(mark).Should().BeFalse();
    }

    [Fact]
    public async Task Row_125_An_HTTP_2_preface_is_turned_away_in_its_own_tongue()
    {
        const byte GoAway = 7;
        const int FrameType = 3;
        using SockprocClient client = await SockprocClient.Connect(_http.SocketPath);
        await client.Send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        byte[] answer = await client.ReadToEnd();
        answer[FrameType].Should().Be(GoAway);
    }

    private static HttpRequestMessage Submission(string mark) =>
        new(HttpMethod.Post, "/v1/jobs") { Content = Requests.Json(Requests.Shell("touch " + mark)) };

    private async Task NothingHappens(HttpClient client, int status, string code, Func<string, HttpRequestMessage> make)
    {
        string mark = _http.Daemon.Folder[Guid.NewGuid().ToString("N")];
        long newest = await NewestJob();
        using HttpResponseMessage response = await client.SendAsync(make(mark));
        string text = await response.Content.ReadAsStringAsync();
        ((int)response.StatusCode, await response.Code()).Should().Be((status, code), text);
        text.Should().NotContain(_http.Daemon.Folder["data"]).And.NotContain(" at Kuid").And.NotContain("SQLite");
        (await NewestJob()).Should().Be(newest, "nothing is stored");
        File.Exists(mark).Should().BeFalse("nothing is run");
    }

    private async Task<long> NewestJob()
    {
        using HttpResponseMessage all = await _http.Client.GetAsync("/v1/jobs?limit=1&q=touch");
        return (await all.Body()).GetProperty("items") is { } items && items.GetArrayLength() > 0 ? items[0].Long("id") : 0;
    }
}
