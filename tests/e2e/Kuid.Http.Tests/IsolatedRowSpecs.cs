using System.Text.Json;

namespace Kuid.Http.Tests;

/// <summary>What every child is to have and not to have, once more for those of another user and those in a sandbox.</summary>
public sealed class IsolatedRowSpecs
{
    private const string Survive = "\"survive\":true,\"isolation\":\"user\"";

    [Theory]
    [InlineData("user")]
    [InlineData("strict")]
    public async Task Row_49_no_signal_is_blocked_or_ignored_in_an_isolated_job(string isolation)
    {
        await using HttpDaemon http = await Start();

        (await Exec(http, "grep '^Sig[BI]' /proc/self/status", isolation)).Should().MatchRegex("^SigBlk:\t0+\nSigIgn:\t0+\n$");
    }

    [Theory]
    [InlineData("user")]
    [InlineData("strict")]
    public async Task Row_50_the_limits_of_the_daemon_hold_in_isolated_jobs_and_lower_ones_of_their_own(string isolation)
    {
        await using HttpDaemon http = await Start("--isolation-open-files", "100");

        (await Exec(http, "ulimit -n; ulimit -c", isolation)).Should().Be("100\n0\n");
        JsonElement job = await http.Client.SubmitToEnd("exit $(ulimit -n)", $"\"isolation\":\"{isolation}\",\"limits\":{{\"openFiles\":50}}");
        job.Long("exitCode").Should().Be(50);
    }

    [Theory]
    [InlineData("user")]
    [InlineData("strict")]
    public async Task Row_51_an_isolated_job_has_nothing_of_the_daemons_environment_but_the_usual(string isolation)
    {
        await using HttpDaemon http = await Start("--isolation-environment", "PASSED");

        string variables = await Exec(http, "env", isolation);

        (await Exec(http, "env", "none")).Should().Contain("SECRET=s\n");
        variables.Should().NotContain("SECRET").And.Contain("PASSED=p\n").And.Contain("USER=nobody\n").And.Contain("PATH=");
    }

    // In a sandbox the group and the session are those of outside, which have no number inside.
    [Theory]
    [InlineData("user", "own\n/\n0027\n")]
    [InlineData("strict", "outside\n/tmp\n0027\n")]
    public async Task Row_52_an_isolated_job_leads_a_session_and_has_its_profiles_folder_and_umask_and_the_daemons_niceness(string isolation, string expected)
    {
        await using HttpDaemon http = await Start("--isolation-umask", "027");
        const string Ids = "read -r pid c s p group session r < /proc/$$/stat; "
            + "if [ $group = 0 ] && [ $session = 0 ]; then echo outside; elif [ $group = $$ ] && [ $session = $$ ]; then echo own; else echo $$ $group $session; fi; ";

        string said = await Exec(http, Ids + "pwd; umask; nice; cat /proc/self/oom_score_adj", isolation);

        ToolRun daemons = await ToolRun.Of("ps", ["-o", "ni=", "-p", $"{http.Daemon.Pid}"]);
        said.Should().Be($"{expected}{daemons.Text.Trim()}\n{await File.ReadAllTextAsync($"/proc/{http.Daemon.Pid}/oom_score_adj")}");
    }

    [Fact]
    public async Task A_strict_job_can_write_nothing_outside_even_where_everybody_may()
    {
        await using HttpDaemon http = await Start();
        string folder = $"/var/kuid-{Guid.NewGuid():N}";
        Directory.CreateDirectory(folder);
        try
        {
            await ToolRun.Of("chmod", ["0777", folder]);
            string write = $"touch {folder}/x 2>&1 && echo wrote";

            (await Exec(http, write, "user")).Should().Be("wrote\n", "nothing but the sandbox prevents it");
            (await Exec(http, write + "; true", "strict")).Should().Contain("Read-only file system").And.NotContain("wrote");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_job_of_another_user_survives_the_daemon_as_that_user()
    {
        using var folder = new TempFolder();
        string go = $"/var/kuid-{Guid.NewGuid():N}";
        try
        {
            long id;
            await using (HttpDaemon killed = await Start(folder))
            {
                id = await killed.Client.SubmitRunning($"id -u; while [ ! -e {go} ]; do sleep 0.05; done; id -u; exit 5", Survive);
                await killed.Daemon.Kill();
            }

            await File.WriteAllTextAsync(go, string.Empty);
            await using HttpDaemon next = await Start(folder);
            JsonElement job = await next.Client.Ended(id);

            (job.Text("isolation"), job.Long("exitCode")).Should().Be(("user", 5));
            (await next.Client.GetStringAsync($"/v1/jobs/{id}/stdout")).Should().Be("65534\n65534\n");
        }
        finally
        {
            File.Delete(go);
        }
    }

    private static Task<HttpDaemon> Start(params string[] more) => Start(folder: null, more);

    private static async Task<HttpDaemon> Start(TempFolder? folder, params string[] more)
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root has jobs of another user");
        return await HttpDaemon.Start(
            ["--isolation-user", "nobody", .. more], folder: folder,
            environment: new Dictionary<string, string?>(StringComparer.Ordinal) { ["SECRET"] = "s", ["PASSED"] = "p" });
    }

    private static async Task<string> Exec(HttpDaemon http, string command, string isolation)
    {
        using HttpResponseMessage answer = await http.Client.PostAsync(
            "/v1/exec", Requests.Json(Requests.Shell(command, $"\"isolation\":\"{isolation}\"")));
        JsonElement result = await answer.Body();
        result.Text("state").Should().Be("succeeded", "it is {0}", result);
        return result.Text("stdout")!;
    }
}
