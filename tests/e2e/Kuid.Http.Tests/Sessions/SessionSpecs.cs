using System.Net;
using System.Text.Json;

namespace Kuid.Http.Tests.Sessions;

/// <summary>A remote shell over HTTP.</summary>
public sealed class SessionSpecs(SharedDaemon shared) : IClassFixture<SharedDaemon>, IDisposable
{
    private readonly HttpClient _client = shared.Http.Client;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Directory_variables_and_functions_stay_from_one_evaluation_to_the_next()
    {
        string session = await Open();
        await Eval(session, $"cd {_folder.Path}; a=5; greet() {{ echo hello $1; }}");

        (await Rows(session, "pwd")).Should().Equal(_folder.Path);
        (await Rows(session, "greet $a")).Should().Equal("hello 5");
        (await Rows(await Open(), "echo [$a]")).Should().Equal("[]");
    }

    [Fact]
    public async Task An_evaluation_is_a_job_with_the_result_and_the_label_of_its_session()
    {
        string session = await Open();

        JsonElement result = await Eval(session, "ls /no/such; echo one; echo two");

        (result.Text("state"), result.Text("reason"), result.Long("exitCode")).Should().Be(("succeeded", "exit", 0));
        (result.Long("results") - result.Long("index"), result.GetProperty("truncated").GetBoolean()).Should().Be((1, false), "it is the last one");
        result.GetProperty("columns")[0].Text("name").Should().Be("string");
        result.GetProperty("rows").EnumerateArray().Select(row => row[0].GetString()).Should().Equal("two");
        result.GetProperty("errors")[0].Text("command").Should().Be("ls");
        result.Text("stderr").Should().Contain("/no/such");
        JsonElement job = await _client.Job(result.Long("jobId"));
        (job.Text("kind"), job.Text("pipeline"), job.Text("host"), job.Text("state")).Should().Be(("pipeline", "ls /no/such; echo one; echo two", "local", "succeeded"));
        job.GetProperty("queue").ValueKind.Should().Be(JsonValueKind.Null);
        (await _client.GetStringAsync($"/v1/jobs?label=session%3D{session}")).Should().Contain($"\"id\":{result.Long("jobId")},");
        JsonElement before = await _client.Result(result.Long("jobId"), $"?index={result.Long("index") - 1}");
        before.GetProperty("rows")[0][0].GetString().Should().Be("one");
    }

    [Fact]
    public async Task An_answer_has_no_more_rows_than_were_asked_for_and_the_job_has_them_all()
    {
        JsonElement result = await Eval(await Open(), "for i in 1 2 3 4 5; do echo $i; done | head 4", ",\"limit\":2");

        result.GetProperty("rows").GetArrayLength().Should().Be(2);
        result.GetProperty("truncated").GetBoolean().Should().BeTrue();
        (await _client.Result(result.Long("jobId"))).GetProperty("rows").GetArrayLength().Should().Be(4);
    }

    [Fact]
    public async Task An_interrupt_ends_the_evaluation_and_not_the_session()
    {
        string session = await Open();
        await Eval(session, "a=kept");
        Task<JsonElement> evaluation = Eval(session, "sleep 600");
        await Until(session, "evaluating");

        using HttpResponseMessage busy = await _client.PostAsync($"/v1/sessions/{session}/eval", Requests.Json("""{"pipeline":"pwd"}"""));
        (busy.StatusCode, await busy.Code()).Should().Be((HttpStatusCode.Conflict, "evaluating"));
        (await _client.PostAsync($"/v1/sessions/{session}/interrupt", content: null)).StatusCode.Should().Be(HttpStatusCode.OK);

        JsonElement ended = await evaluation;
        (ended.Text("state"), ended.Text("reason"), ended.GetProperty("exitCode").ValueKind).Should().Be(("canceled", "canceled", JsonValueKind.Null));
        (await Rows(session, "echo $? $a")).Should().Equal("130 kept");
        (await _client.PostAsync($"/v1/sessions/{session}/interrupt", content: null)).StatusCode.Should().Be(HttpStatusCode.OK, "there is nothing to end");
    }

    [Fact]
    public async Task An_evaluation_that_takes_too_long_ends_and_the_session_goes_on()
    {
        string session = await Open();

        (await Eval(session, "sleep 600", ",\"timeoutSeconds\":0.1")).Text("reason").Should().Be("timeout");

        (await Rows(session, "echo on")).Should().Equal("on");
    }

    [Fact]
    public async Task A_client_that_goes_away_ends_its_evaluation_and_not_the_session()
    {
        string session = await Open();
        using (var gone = new CancellationTokenSource())
        {
            Task evaluation = _client.PostAsync($"/v1/sessions/{session}/eval", Requests.Json("""{"pipeline":"sleep 600"}"""), gone.Token);
            await Until(session, "evaluating");
            await gone.CancelAsync();
            await ((Func<Task>)(() => evaluation)).Should().ThrowAsync<OperationCanceledException>();
        }

        JsonElement after = await Until(session, "idle");
        (await _client.Ended(after.Long("lastJobId"))).Text("state").Should().Be("canceled");
        (await Rows(session, "echo on")).Should().Equal("on");
    }

    [Fact]
    public async Task Commands_variables_and_paths_are_completed()
    {
        string session = await Open();
        await File.WriteAllTextAsync(_folder["a file"], "");
        await Eval(session, $"cd {_folder.Path}; greeting=x");

        (await Complete(session, "unam", 4)).Should().Equal("0-4 uname");
        (await Complete(session, "echo $greet | head", 11)).Should().Equal("6-11 greeting");
        (await Complete(session, "cat a", 5)).Should().Equal("4-5 a\\ file");
        (await Complete(session, "cat nothing-like-it", 19)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_session_that_was_left_says_so_until_it_is_closed()
    {
        string session = await Open();
        (await Eval(session, "exit 3")).Long("exitCode").Should().Be(3);

        using HttpResponseMessage late = await _client.PostAsync($"/v1/sessions/{session}/eval", Requests.Json("""{"pipeline":"pwd"}"""));
        (late.StatusCode, await late.Code()).Should().Be((HttpStatusCode.Gone, "ended"));
        (await Until(session, "ended")).Text("detail").Should().Be("it was left by exit with the status 3");
        (await _client.DeleteAsync($"/v1/sessions/{session}")).StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await _client.GetAsync($"/v1/sessions/{session}")).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_session_whose_server_was_killed_has_ended()
    {
        string session = await Open();
        JsonElement open = await Until(session, "idle");
        (await ToolRun.Of("kill", ["-KILL", $"{open.Long("pid")}"])).ExitCode.Should().Be(0);

        JsonElement lost = await Eval(session, "pwd; ls /");

        (lost.Text("state"), lost.Text("reason")).Should().Be(("failed", "unreachable"));
        (await Until(session, "ended")).Text("detail").Should().NotBeEmpty();
        using HttpResponseMessage late = await _client.PostAsync($"/v1/sessions/{session}/complete", Requests.Json("""{"line":"l"}"""));
        late.StatusCode.Should().Be(HttpStatusCode.Gone);
    }

    [Fact]
    public async Task A_system_call_that_does_not_return_is_ended_with_the_session()
    {
        await using HttpDaemon http = await HttpDaemon.Start(["--grace", "0.1"]);
        (await ToolRun.Of("mkfifo", [_folder["pipe"]])).ExitCode.Should().Be(0);
        using FileStream writer = new(_folder["pipe"], FileMode.Open, FileAccess.ReadWrite);
        JsonElement after;
        do
        {
            // An interrupt that comes between two calls, rather than inside the one that does not return, leaves the session as it is.
            string session = await Open(http.Client);
            int pid = (int)(await Until(http.Client, session, "idle")).Long("pid");
            Task<JsonElement> evaluation = Eval(http.Client, session, $"cat {_folder["pipe"]}");
            await Eventually.Holds(() => HasOpen(pid, _folder["pipe"]), "the pipe is open");
            await http.Client.PostAsync($"/v1/sessions/{session}/interrupt", content: null);
            (await evaluation).Text("state").Should().Be("canceled");
            using HttpResponseMessage response = await http.Client.GetAsync($"/v1/sessions/{session}");
            after = await response.Body();
        }
        while (after.Text("state") == "idle");

        (after.Text("state"), after.Text("detail")).Should().Be(("ended", "a system call that did not return was ended, and its process with it"));
    }

    [Fact]
    public async Task A_session_that_nobody_uses_is_closed_and_its_process_with_it()
    {
        await using HttpDaemon http = await HttpDaemon.Start();

        // What it is has to be in this answer: on a slow machine it is closed before there is another.
        using HttpResponseMessage response = await http.Client.PostAsync("/v1/sessions", Requests.Json("""{"idleSeconds":1}"""));
        JsonElement session = await response.Body();

        await Eventually.Holds(
            async () => (await http.Client.GetAsync($"/v1/sessions/{session.Text("id")}")).StatusCode == HttpStatusCode.NotFound, "the session is closed");
        await Eventually.Holds(() => !ProcessTable.IsAlive((int)session.Long("pid")), "its process is gone");
        http.Daemon.Log.Should().Contain($"session {session.Text("id")}: idle for 1 seconds, closed");
    }

    [Fact]
    public async Task A_closed_session_ends_what_it_evaluates()
    {
        string session = await Open();
        Task<JsonElement> evaluation = Eval(session, "sleep 600");
        await Until(session, "evaluating");

        (await _client.DeleteAsync($"/v1/sessions/{session}")).StatusCode.Should().Be(HttpStatusCode.NoContent);

        (await evaluation).Text("state").Should().Be("canceled");
    }

    [Fact]
    public async Task There_are_no_more_sessions_than_there_may_be_and_one_that_is_closed_makes_room()
    {
        await using HttpDaemon http = await HttpDaemon.Start();
        List<string> open = [];
        for (int i = 0; i < 64; i++)
        {
            open.Add(await Open(http.Client));
        }

        using (HttpResponseMessage refused = await http.Client.PostAsync("/v1/sessions", Requests.Json("{}")))
        {
            (refused.StatusCode, await refused.Code()).Should().Be((HttpStatusCode.TooManyRequests, "busy"));
            refused.Headers.RetryAfter.Should().NotBeNull();
        }

        await http.Client.DeleteAsync($"/v1/sessions/{open[0]}");
        await Eventually.Holds(async () => (await http.Client.PostAsync("/v1/sessions", Requests.Json("{}"))).StatusCode == HttpStatusCode.Created, "there is room");
        (await http.Daemon.Stop()).Should().Be(0);
    }

    [Fact]
    public async Task A_daemon_that_stops_ends_what_its_sessions_evaluate_and_closes_them()
    {
        await using HttpDaemon http = await HttpDaemon.Start(["--grace", "0.1"]);
        string session = await Open(http.Client);
        int pid = (int)(await Until(http.Client, session, "idle")).Long("pid");
        Task<JsonElement> evaluation = Eval(http.Client, session, "sleep 600");
        await Until(http.Client, session, "evaluating");

        (await http.Daemon.Stop()).Should().Be(0);

        (await evaluation).Text("reason").Should().Be("shutdown");
        await Eventually.Holds(() => !ProcessTable.IsAlive(pid), "the session's process is gone");
    }

    private static bool HasOpen(int pid, string path)
    {
        try
        {
            return Directory.EnumerateFiles($"/proc/{pid}/fd").Any(fd => File.ResolveLinkTarget(fd, returnFinalTarget: false)?.FullName == path);
        }
        catch (IOException)
        {
            // One was closed while they were looked through.
            return false;
        }
    }

    private Task<string> Open() => Open(_client);

    private static async Task<string> Open(HttpClient client, string body = "{}")
    {
        using HttpResponseMessage response = await client.PostAsync("/v1/sessions", Requests.Json(body));
        response.StatusCode.Should().Be(HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        string id = (await response.Body()).Text("id")!;
        response.Headers.Location!.OriginalString.Should().Be($"/v1/sessions/{id}");
        return id;
    }

    private Task<JsonElement> Eval(string session, string pipeline, string more = "") => Eval(_client, session, pipeline, more);

    private static async Task<JsonElement> Eval(HttpClient client, string session, string pipeline, string more = "")
    {
        using HttpResponseMessage response = await client.PostAsync(
            $"/v1/sessions/{session}/eval", Requests.Json($$"""{"pipeline":{{JsonSerializer.Serialize(pipeline)}}{{more}}}"""));
        response.StatusCode.Should().Be(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        return await response.Body();
    }

    private async Task<IEnumerable<string?>> Rows(string session, string pipeline) =>
        (await Eval(session, pipeline)).GetProperty("rows").EnumerateArray().Select(row => row[0].GetString());

    private async Task<IEnumerable<string>> Complete(string session, string line, int position)
    {
        using HttpResponseMessage response = await _client.PostAsync(
            $"/v1/sessions/{session}/complete", Requests.Json($$"""{"line":{{JsonSerializer.Serialize(line)}},"position":{{position}}}"""));
        JsonElement completion = await response.Body();
        return completion.GetProperty("items").EnumerateArray().Select(item => $"{completion.Long("start")}-{completion.Long("end")} {item.Text("text")}");
    }

    private Task<JsonElement> Until(string session, string state) => Until(_client, session, state);

    private static async Task<JsonElement> Until(HttpClient client, string session, string state)
    {
        JsonElement found = default;
        await Eventually.Holds(
            async () =>
            {
                using HttpResponseMessage response = await client.GetAsync($"/v1/sessions/{session}");
                found = await response.Body();
                return found.Text("state") == state;
            },
            $"the session is {state}");
        return found;
    }
}
