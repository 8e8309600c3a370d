using System.Net;
using System.Text.Json;

namespace Kuid.Http.Tests;

/// <summary>The isolation that jobs ask for, that they have by their door, and that their administrator wants them to have.</summary>
public sealed class IsolationSpecs(SharedDaemon shared) : IClassFixture<SharedDaemon>
{
    private HttpClient Client => shared.Http.Client;

    [Fact]
    public async Task Jobs_of_this_door_are_basic_unless_they_say_otherwise()
    {
        (await Client.SubmitToEnd("true")).Text("isolation").Should().Be("basic");
        (await Client.SubmitToEnd("true", "\"isolation\":\"none\"")).Text("isolation").Should().Be("none");
    }

    [Fact]
    public async Task Jobs_of_sockproc_have_none()
    {
        (await shared.Http.Daemon.Run("grep NoNewPrivs /proc/self/status")).Text.Should().Be("NoNewPrivs:\t0\n");

        await Eventually.Holds(
            async () =>
            {
                using HttpResponseMessage list = await Client.GetAsync("/v1/jobs?origin=sockproc&limit=1");
                JsonElement items = (await list.Body()).GetProperty("items");
                return items.GetArrayLength() == 1 && items[0].Text("isolation") == "none";
            },
            "the job is in the history");
    }

    [Fact]
    public async Task Basic_takes_away_new_rights_and_core_dumps()
    {
        (await Exec(Client, "grep NoNewPrivs /proc/self/status; ulimit -c")).Should().Be("NoNewPrivs:\t1\n0\n");
    }

    [Fact]
    public async Task Row_49_no_signal_is_blocked_or_ignored_in_a_basic_job()
    {
        string? status = await Exec(Client, "grep '^Sig[BI]' /proc/self/status");

        status.Should().MatchRegex("^SigBlk:\t0+\nSigIgn:\t0+\n$");
    }

    [Fact]
    public async Task Row_51_a_basic_job_has_nothing_of_the_daemons_environment_but_the_usual()
    {
        await using HttpDaemon http = await HttpDaemon.Start(
            ["--isolation-environment", "PASSED"],
            environment: new Dictionary<string, string?>(StringComparer.Ordinal) { ["SECRET"] = "s", ["PASSED"] = "p", ["LC_TIME"] = "C" });

        string basic = await Exec(http.Client, "env");
        string none = await Exec(http.Client, "env", "none");

        none.Should().Contain("SECRET=s\n");
        basic.Should().NotContain("SECRET").And.Contain("PASSED=p\n").And.Contain("LC_TIME=C\n").And.Contain("PATH=");
    }

    [Fact]
    public async Task Row_52_a_basic_job_leads_a_session_and_a_group_of_its_own()
    {
        string ids = await Exec(Client, "read -r pid c s p group session r < /proc/$$/stat; echo $$ $group $session");

        ids.Trim().Split(' ').Distinct(StringComparer.Ordinal).Should().ContainSingle();
    }

    [Fact]
    public async Task Row_50_the_limits_of_the_daemon_hold_in_basic_jobs_and_lower_ones_of_their_own()
    {
        await using HttpDaemon http = await HttpDaemon.Start(["--isolation-open-files", "100", "--isolation-umask", "027"]);

        (await Exec(http.Client, "ulimit -n; umask")).Should().Be("100\n0027\n");
        JsonElement job = await http.Client.SubmitToEnd("exit $(ulimit -n)", "\"limits\":{\"openFiles\":50}");
        job.Long("exitCode").Should().Be(50);
    }

    [Theory]
    [InlineData("full", "it has to be one of none, basic, user, strict")]
    [InlineData("user", "user is not to be had: isolation-user names no user; allowed: none, basic")]
    public async Task What_cannot_be_had_is_422_with_what_can(string isolation, string says)
    {
        foreach (string path in new[] { "/v1/jobs", "/v1/exec" })
        {
            using HttpResponseMessage answer = await Client.PostAsync(path, Asking(isolation));

            answer.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
            JsonElement error = (await answer.Body()).GetProperty("errors")[0];
            error.Text("pointer").Should().Be("/isolation");
            error.Text("detail").Should().StartWith(says);
        }
    }

    [Fact]
    public async Task Batches_and_schedules_are_asked_the_same()
    {
        using HttpResponseMessage batch = await Client.PostAsync("/v1/batches", Requests.Json("""{"items":[{"command":"true","isolation":"user"}]}"""));
        using HttpResponseMessage schedule = await Client.PutAsync(
            "/v1/schedules/isolated", Requests.Json("""{"cron":"0 0 1 1 *","job":{"command":"true","isolation":"user"}}"""));

        batch.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        schedule.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_pipeline_has_no_isolation_and_may_not_ask_for_any()
    {
        using HttpResponseMessage asked = await Client.PostAsync("/v1/jobs", Requests.Json(Requests.Pipeline("echo 1", "\"isolation\":\"basic\"")));

        asked.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await Client.PipelineToEnd("echo 1")).GetProperty("isolation").ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Fact]
    public async Task The_minimum_holds_for_all_doors_and_for_those_who_ask_for_less()
    {
        await using HttpDaemon http = await HttpDaemon.Start(["--isolation-minimum", "basic"]);

        (await http.Daemon.Run("grep NoNewPrivs /proc/self/status")).Text.Should().Be("NoNewPrivs:\t1\n");
        using HttpResponseMessage less = await http.Client.PostAsync("/v1/exec", Asking("none"));
        less.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await less.Content.ReadAsStringAsync()).Should().Contain("isolation-minimum is basic; allowed: basic");
    }

    private static StringContent Asking(string isolation) => Requests.Json(Requests.Shell("true", $"\"isolation\":\"{isolation}\""));

    private static async Task<string> Exec(HttpClient client, string command, string? isolation = null)
    {
        using HttpResponseMessage answer = await client.PostAsync(
            "/v1/exec", Requests.Json(Requests.Shell(command, isolation is null ? "" : $"\"isolation\":\"{isolation}\"")));
        return (await answer.Body()).Text("stdout")!;
    }
}
