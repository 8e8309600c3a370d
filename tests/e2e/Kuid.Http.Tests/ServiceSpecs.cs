using System.Net;
using System.Security.Cryptography;
using System.Text.Json;

namespace Kuid.Http.Tests;

public sealed class ServiceSpecs(SharedDaemon shared) : IClassFixture<SharedDaemon>
{
    private readonly HttpDaemon _http = shared.Http;

    [Fact]
    public async Task A_service_is_listed_with_its_owner_its_rules_and_a_schema()
    {
        JsonElement list = await (await _http.Client.GetAsync("/v1/services")).Body();

        JsonElement[] items = [.. list.GetProperty("items").EnumerateArray()];
        items.Select(item => item.Text("name")).Should().Equal("echo", "sleep");
        JsonElement echo = items[0];
        echo.GetProperty("owner").Long("uid").Should().Be(long.Parse((await ToolRun.Of("id", ["-u"])).Text, System.Globalization.CultureInfo.InvariantCulture));
        echo.GetProperty("owner").Text("user").Should().Be((await ToolRun.Of("id", ["-un"])).Text.Trim());
        echo.GetProperty("max").GetInt32().Should().Be(2);
        echo.GetProperty("parameters").EnumerateArray().Select(parameter => parameter.Text("type")).Should().Equal("string", "integer");
        echo.GetProperty("schema").GetRawText().Should().Be(
            """{"type":"object","properties":{"text":{"type":"string","maxLength":10},"times":{"type":"integer","minimum":1,"default":1}},"required":["text"],"additionalProperties":false}""");
        items[1].GetProperty("schema").GetRawText().Should().Be("""{"type":"object"}""");
    }

    [Fact]
    public async Task A_call_by_names_is_a_job_whose_output_is_kept()
    {
        using HttpResponseMessage answer = await _http.Client.PostAsync(
            "/v1/services/echo/run?wait=60",
            Requests.Json("""{"parameters":{"times":3,"text":"hello"},"env":{"LANG":"C"},"stdin":"aW5wdXQ=","name":"greeting","labels":{"a":"b"}}"""));

        answer.StatusCode.Should().Be(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        JsonElement job = await answer.Body();
        (job.Text("kind"), job.Text("service"), job.Text("state"), job.Text("name")).Should().Be(("service", "echo", "succeeded", "greeting"));
        job.GetProperty("passedThrough").GetBoolean().Should().BeFalse();
        (await _http.Client.GetStringAsync($"/v1/jobs/{job.Long("id")}/stdout")).Should().Be("LANG=C\nhello 3\n");
        (await _http.Client.GetStringAsync($"/v1/jobs/{job.Long("id")}/stderr")).Should().Be("input");
    }

    [Theory]
    [InlineData("""{}""", "/arguments/0", "it is missing; a text of at most 10 characters is expected")]
    [InlineData("""{"arguments":["a","x"]}""", "/arguments/1", "\"x\" is not allowed; a whole number, 1 or more, is")]
    [InlineData("""{"arguments":["a","1","2"]}""", "/arguments", "3 arguments were given, and the service takes 2 at most")]
    [InlineData("""{"arguments":["a\u0000"]}""", "/arguments/0", "it has a NUL, which no argument can have")]
    [InlineData("""{"parameters":{"times":2}}""", "/parameters/text", "it is missing, and one behind it is given")]
    [InlineData("""{"parameters":{"text":"a","times":0}}""", "/parameters/times", "\"0\" is not allowed; a whole number, 1 or more, is")]
    [InlineData("""{"parameters":{"text":["a"]}}""", "/parameters/text", "it has to be a string, a number, true or false")]
    [InlineData("""{"parameters":{"texts":"a"}}""", "/parameters/texts", "the service has no such parameter; it has text, times")]
    [InlineData("""{"arguments":["a"],"parameters":{}}""", "/parameters", "it is not allowed beside arguments")]
    [InlineData("""{"arguments":["a"],"env":{"PATH":"/"}}""", "/env/PATH", "the service lets its callers set these variables: LANG")]
    [InlineData("""{"arguments":["a"],"timeoutSeconds":0}""", "/timeoutSeconds", "0 is not allowed*")]
    public async Task What_a_service_does_not_take_is_refused_at_its_place(string body, string pointer, string detail)
    {
        using HttpResponseMessage answer = await _http.Client.PostAsync("/v1/services/echo/run", Requests.Json(body));

        answer.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity, await answer.Content.ReadAsStringAsync());
        JsonElement[] errors = [.. (await answer.Body()).GetProperty("errors").EnumerateArray()];
        errors.Select(error => error.Text("pointer")).Should().Contain(pointer);
        errors.First(error => error.Text("pointer") == pointer).Text("detail").Should().Match(detail);
    }

    [Fact]
    public async Task A_service_that_nobody_offers_has_a_code_of_its_own()
    {
        using HttpResponseMessage answer = await _http.Client.PostAsync("/v1/services/whether/run", Requests.Json("{}"));

        (answer.StatusCode, await answer.Code()).Should().Be((HttpStatusCode.NotFound, "noservice"));
    }

    [Fact]
    public async Task The_same_key_is_the_same_call_and_another_call_with_it_is_refused()
    {
        async Task<HttpResponseMessage> Call(string text)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "/v1/services/echo/run?wait=60") { Content = Requests.Json($$"""{"arguments":["{{text}}"]}""") };
            request.Headers.Add("Idempotency-Key", "once");
            return await _http.Client.SendAsync(request);
        }

        using HttpResponseMessage first = await Call("a"), second = await Call("a"), other = await Call("b");

        (await second.Body()).Long("id").Should().Be((await first.Body()).Long("id"));
        (other.StatusCode, await other.Code()).Should().Be((HttpStatusCode.UnprocessableEntity, "keyreused"));
    }

    [Fact]
    public async Task A_token_may_do_what_its_file_says_and_a_reload_reads_the_files_again()
    {
        string folder = _http.Daemon.Folder["data/tokens"];
        Directory.CreateDirectory(folder);
        string token = Put("weatherman", "run:echo");
        string reader = Put("reader", "read");
        await _http.Daemon.Signal("HUP");
        using HttpClient client = _http.Tcp(token), reading = _http.Tcp(reader);
        await Eventually.Holds(async () => (await client.GetAsync("/v1/jobs")).StatusCode == HttpStatusCode.Forbidden, "the token is known");

        using HttpResponseMessage allowed = await client.PostAsync("/v1/services/echo/run?wait=60", Requests.Json("""{"arguments":["a"]}"""));
        (allowed.StatusCode, (await allowed.Body()).Text("principal")).Should().Be((HttpStatusCode.OK, "token:weatherman"));
        (await client.PostAsync("/v1/services/sleep/run", Requests.Json("{}"))).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await client.PostAsync("/v1/jobs", Requests.Json(Requests.Shell("true")))).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await reading.GetAsync("/v1/services")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await reading.PostAsync("/v1/services/echo/run", Requests.Json("{}"))).StatusCode.Should().Be(HttpStatusCode.Forbidden);

        File.SetUnixFileMode(Path.Combine(folder, "reader"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        File.Delete(Path.Combine(folder, "weatherman"));
        await _http.Daemon.Signal("HUP");
        await Eventually.Holds(() => _http.Daemon.Log.Contains("others may have read this token", StringComparison.Ordinal), "the daemon has said what is wrong");
        (await reading.GetAsync("/v1/services")).StatusCode.Should().Be(HttpStatusCode.Unauthorized, "others may have it");
        (await client.GetAsync("/v1/jobs")).StatusCode.Should().Be(HttpStatusCode.Unauthorized, "a broken file keeps no other token alive");

        File.Delete(Path.Combine(folder, "reader"));
        await _http.Daemon.Signal("HUP");
        await Eventually.Holds(async () => (await client.GetAsync("/v1/jobs")).StatusCode == HttpStatusCode.Unauthorized, "the token is forgotten");

        string Put(string name, string scopes)
        {
            string made = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
            string path = Path.Combine(folder, name);
            File.WriteAllText(path, $"{made}\n{scopes}\n");
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            return made;
        }
    }
}
