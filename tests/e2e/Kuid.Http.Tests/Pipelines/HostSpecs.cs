using System.Net;
using System.Text.Json;

namespace Kuid.Http.Tests;

/// <summary>Hosts by name and by address, one and several.</summary>
public sealed class HostSpecs : IDisposable
{
    private static readonly string Server = Repository.File("bin/kuid-sysreqd");

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Hosts_are_of_the_configuration_and_of_clients_and_the_latter_stay_over_a_restart()
    {
        await File.WriteAllTextAsync(_folder["conf"], $"[hosts]\nfixed = exec:{Server} -\nWeb-1.a = unix:/run/web1\n");
        await using (HttpDaemon first = await Start())
        {
            (await Put(first, "mine", $"exec:{Server} -")).Should().Be(HttpStatusCode.Created);
            (await Put(first, "mine", $"exec:{Server} - look")).Should().Be(HttpStatusCode.OK);
            (await Put(first, "fixed", "unix:/x")).Should().Be(HttpStatusCode.Conflict);
            (await Put(first, "a:b", "unix:/x")).Should().Be(HttpStatusCode.BadRequest);
            (await first.Client.DeleteAsync("/v1/hosts/fixed")).StatusCode.Should().Be(HttpStatusCode.Conflict);
            await first.Daemon.Stop();
        }

        await using HttpDaemon second = await Start();
        (await Hosts(second)).Should().Equal(
            "local local builtin", "Web-1.a unix:/run/web1 config", $"fixed exec:{Server} - config", $"mine exec:{Server} - look client");
        (await second.Client.PipelineToEnd("echo here", "\"host\":\"fixed\"")).Text("state").Should().Be("succeeded");
        (await second.Client.PipelineToEnd($"mkdir {_folder["no"]}", "\"host\":\"mine\"")).Text("state").Should().Be("failed", "it only lets one look");
        Directory.Exists(_folder["no"]).Should().BeFalse();
        (await second.Client.DeleteAsync("/v1/hosts/mine")).StatusCode.Should().Be(HttpStatusCode.NoContent);
        using HttpResponseMessage gone = await second.Client.PostAsync("/v1/jobs", Requests.Json(Requests.Pipeline("ls", "\"host\":\"mine\"")));
        gone.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_probe_says_who_answers_and_why_nobody_does()
    {
        await using HttpDaemon http = await Start();
        await Put(http, "looks", $"exec:{Server} - look");
        await Put(http, "dead", "tcp:127.0.0.1:1");
        await Put(http, "speechless", "exec:sh -c 'echo no way in >&2; exit 3'");

        JsonElement local = await Probe(http, "local");
        (local.GetProperty("reachable").GetBoolean(), local.Text("server"), local.Text("profile"), local.Text("error")).Should().Be((true, "kuid", "full", null));
        local.Long("pid").Should().BePositive().And.NotBe(http.Daemon.Pid);
        local.GetProperty("latencySeconds").GetDouble().Should().BePositive();
        (await Probe(http, "looks")).Text("profile").Should().Be("look");
        (await Probe(http, "dead")).Text("error").Should().Contain("refused");
        JsonElement speechless = await Probe(http, "speechless");
        (speechless.GetProperty("reachable").GetBoolean(), speechless.GetProperty("pid").ValueKind).Should().Be((false, JsonValueKind.Null));
        speechless.Text("error").Should().Contain("no way in");
    }

    [Fact]
    public async Task Several_hosts_are_evaluated_side_by_side_and_one_that_is_dead_is_an_error_among_them()
    {
        await using HttpDaemon http = await Start();
        await Put(http, "other", $"exec:{Server} -");

        JsonElement job = await http.Client.PipelineToEnd(
            "echo one; echo two", """ "hosts":["local","tcp:127.0.0.1:1","other"],"name":"all" """);

        (job.Text("state"), job.Text("reason"), job.Long("exitCode")).Should().Be(("failed", "exit", 255));
        job.Text("detail").Should().Contain("tcp:127.0.0.1:1");
        foreach ((int index, string said) in ((int, string)[])[(0, "one"), (1, "two")])
        {
            JsonElement result = await http.Client.Result(job.Long("id"), $"?index={index}");
            result.GetProperty("columns").EnumerateArray().Select(column => column.Text("name")).Should().Equal("host", "string");
            result.GetProperty("rows").EnumerateArray().Select(row => $"{row[0]} {row[1]}").Should().BeEquivalentTo($"local {said}", $"other {said}");
            result.GetProperty("errors")[0].Text("host").Should().Be("tcp:127.0.0.1:1");
        }

        (await http.Client.GetStringAsync($"/v1/jobs/{job.Long("id")}/stderr")).Should().StartWith("tcp:127.0.0.1:1: ");
    }

    [Fact]
    public async Task A_host_that_cannot_be_reached_or_is_lost_on_the_way_is_unreachable()
    {
        await using HttpDaemon http = await Start();
        JsonElement dead = await http.Client.PipelineToEnd("ls", """ "host":"tcp:127.0.0.1:1" """);
        (dead.Text("state"), dead.Text("reason"), dead.GetProperty("exitCode").ValueKind).Should().Be(("failed", "unreachable", JsonValueKind.Null));
        (await http.Client.PipelineToEnd("ls", """ "host":"exec:/no/such/program" """)).Text("reason").Should().Be("unreachable");

        long id = await http.Client.SubmitPipeline("echo begun; cd /; while true; do pwd; done", $$""" "host":"exec:{{Server}} -","maxOutputBytes":1000 """);
        await Eventually.Holds(async () => (await http.Client.Job(id)).Long("stdoutBytes") > 1000, "it goes round");
        int server = ProcessTable.Children(http.Daemon.Pid).Single();
        await ToolRun.Of("kill", ["-KILL", $"{server}"]);

        JsonElement lost = await http.Client.Ended(id);
        (lost.Text("state"), lost.Text("reason")).Should().Be(("failed", "unreachable"));
        await Eventually.Holds(() => ProcessTable.Children(http.Daemon.Pid).Count == 0, "the command is reaped");
    }

    [Fact]
    public async Task The_command_of_a_host_is_ended_with_its_whole_group_when_the_job_is()
    {
        await using HttpDaemon http = await Start();
        string pidFile = _folder["child"];
        JsonElement job = await http.Client.PipelineToEnd(
            "echo here", $$""" "host":"exec:sh -c 'sleep 1000 & echo $! > {{pidFile}}; {{Server}} -; sleep 1000'" """);

        job.Text("state").Should().Be("succeeded");
        int sleeping = int.Parse(await File.ReadAllTextAsync(pidFile), System.Globalization.CultureInfo.InvariantCulture);
        await Eventually.Holds(() => !ProcessTable.IsAlive(sleeping), "what the command has left behind is gone");
        await Eventually.Holds(() => ProcessTable.Children(http.Daemon.Pid).Count == 0, "and the command too");
    }

    [Fact]
    public async Task Below_a_least_isolation_clients_have_no_commands_of_their_own_run_as_hosts()
    {
        await File.WriteAllTextAsync(_folder["conf"], $"[hosts]\nfixed = exec:{Server} -\n[isolation]\nminimum = basic\n");
        await using HttpDaemon http = await Start();

        (await Put(http, "mine", $"exec:touch {_folder["ran"]}")).Should().Be(HttpStatusCode.UnprocessableEntity);
        using (HttpResponseMessage refused = await http.Client.PostAsync(
            "/v1/jobs", Requests.Json(Requests.Pipeline("echo here", $"\"host\":\"exec:touch {_folder["ran"]}\""))))
        {
            refused.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
            (await refused.Content.ReadAsStringAsync()).Should().Contain("isolation-minimum is basic");
        }

        File.Exists(_folder["ran"]).Should().BeFalse();
        (await http.Client.PipelineToEnd("echo here", "\"host\":\"fixed\"")).Text("state").Should().Be("succeeded", "the configuration may");
        (await http.Client.PipelineToEnd("echo here", "\"host\":\"local\"")).Text("state").Should().Be("succeeded", "a basic job is the daemon's user too");
    }

    [Fact]
    public async Task Where_jobs_have_to_be_another_user_local_is_no_host()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "jobs of another user need root");
        await File.WriteAllTextAsync(_folder["conf"], "[isolation]\nminimum = user\nuser = nobody\n");
        await using HttpDaemon http = await Start();

        using HttpResponseMessage job = await http.Client.PostAsync("/v1/jobs", Requests.Json(Requests.Pipeline("echo here", "\"host\":\"local\"")));
        job.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await http.Client.PipelineToEnd("echo here")).Text("reason").Should().Be("unreachable", "that is local too");
        using HttpResponseMessage session = await http.Client.PostAsync("/v1/sessions", Requests.Json("{}"));
        session.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        using HttpResponseMessage probe = await http.Client.PostAsync("/v1/hosts/local/probe", content: null);
        (await probe.Content.ReadAsStringAsync()).Should().Contain("isolation-minimum is user");
    }

    private async Task<HttpDaemon> Start()
    {
        if (!File.Exists(_folder["conf"]))
        {
            await File.WriteAllTextAsync(_folder["conf"], "");
        }

        return await HttpDaemon.Start(["--config", _folder["conf"]], folder: _folder);
    }

    private static async Task<HttpStatusCode> Put(HttpDaemon http, string name, string address)
    {
        using HttpResponseMessage response = await http.Client.PutAsync($"/v1/hosts/{name}", Requests.Json($$"""{"address":{{JsonSerializer.Serialize(address)}}}"""));
        return response.StatusCode;
    }

    private static async Task<JsonElement> Probe(HttpDaemon http, string name)
    {
        using HttpResponseMessage response = await http.Client.PostAsync($"/v1/hosts/{name}/probe", content: null);
        return await response.Body();
    }

    private static async Task<string[]> Hosts(HttpDaemon http)
    {
        using HttpResponseMessage response = await http.Client.GetAsync("/v1/hosts");
        return [.. (await response.Body()).GetProperty("items").EnumerateArray().Select(host => $"{host.Text("name")} {host.Text("address")} {host.Text("source")}")];
    }
}
