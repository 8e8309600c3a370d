using System.Text.Json;

namespace Kuid.Http.Tests;

/// <summary>What jobs of another user and jobs in a sandbox can do to the daemon and to the machine, and that none runs half isolated.</summary>
public sealed class IsolatedUserSpecs
{
    private static readonly string[] JobUser = ["--isolation-user", "nobody"];
    private static readonly string[] AsNobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];

    [Theory]
    [InlineData("user")]
    [InlineData("strict")]
    public async Task Row_57_a_job_of_another_user_can_neither_signal_the_daemon_nor_read_its_memory(string isolation)
    {
        await using HttpDaemon http = await StartAsRoot();

        string said = await Exec(
            http, $"kill -9 {http.Daemon.Pid} $PPID; kill -STOP {http.Daemon.Pid}; cat /proc/{http.Daemon.Pid}/mem /proc/{http.Daemon.Pid}/environ; echo on", isolation);

        said.Should().Be("on\n");
        (await http.Daemon.Answers(TimeSpan.FromSeconds(60))).Should().BeTrue();
    }

    [Theory]
    [InlineData("user")]
    [InlineData("strict")]
    public async Task Row_58_a_job_of_another_user_reaches_neither_the_history_nor_the_token_nor_a_socket(string isolation)
    {
        await using HttpDaemon http = await StartAsRoot();
        await ToolRun.Of("chmod", ["0755", http.Daemon.Folder.Path]);

        (await Exec(http, Attack(http), "none")).Should().Contain("read ").And.Contain("connected ", "the attack works where nothing prevents it");
        (await Exec(http, Attack(http), isolation)).Should().Be("over\n");
    }

    [Fact]
    public async Task Row_58_a_strict_job_of_the_daemons_own_user_does_not_reach_them_either()
    {
        await using HttpDaemon http = await StartAsNobody();

        (await Exec(http, Attack(http), "basic")).Should().Contain("read ").And.Contain("connected ");
        (await Exec(http, Attack(http), "strict")).Should().Be("over\n");
    }

    [Fact]
    public async Task A_job_of_another_user_has_that_user_its_groups_and_its_environment_and_no_capability()
    {
        await using HttpDaemon http = await StartAsRoot();

        (await Exec(http, "id -u; id -G; echo $USER; pwd; grep -c '^Cap...:.0*$' /proc/self/status", "user"))
            .Should().Be("65534\n65534\nnobody\n/\n5\n");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_strict_job_ends_with_the_status_that_it_would_have_without(bool asNobody)
    {
        await using HttpDaemon http = asNobody ? await StartAsNobody() : await StartAsRoot();

        foreach ((string command, int status) in ((string, int)[])
            [("exit 0", 0), ("exit 1", 256), ("exit 127", 127 << 8), ("exit 255", 255 << 8), ("kill -9 $$", 9), ("kill -TERM $$", 15), ("kill -SEGV $$", 11)])
        {
            JsonElement job = await http.Client.SubmitToEnd(command, "\"isolation\":\"strict\"");

            job.Text("isolation").Should().Be("strict");
            job.Long("waitStatus").Should().Be(status, command);
        }
    }

    [Fact]
    public async Task A_strict_job_has_no_network_no_other_processes_and_files_to_be_read_only()
    {
        await using HttpDaemon http = await StartAsRoot(["--http", "127.0.0.1:" + TestDaemon.FreePort()]);
        string port = http.Daemon.Log.Split("127.0.0.1:")[1].Split(' ', ',', '\n')[0];
        string connect = $"curl -s -o /dev/null http://127.0.0.1:{port}/healthz && echo connected; ";
        string look = connect + "ls /tmp; touch /etc/x /x 2>/dev/null && echo wrote; echo /proc/[0-9]* | wc -w; touch /tmp/own && echo own";

        (await Exec(http, connect + "true", "none")).Should().Be("connected\n");
        (await Exec(http, look, "strict")).Should().MatchRegex("^[2-4]\nown\n$");
        File.Exists("/tmp/own").Should().BeFalse();
    }

    [Fact]
    public async Task What_a_strict_job_leaves_behind_ends_with_it_and_with_its_cancellation()
    {
        await using HttpDaemon http = await StartAsRoot();
        const string Escape = "(setsid sh -c 'trap \"\" TERM HUP INT; sleep 98765; sleep 98765' >/dev/null 2>&1 &)";

        await http.Client.SubmitToEnd(Escape + "; exit 3", "\"isolation\":\"strict\"");
        Escaped().Should().BeEmpty();

        long id = await http.Client.SubmitRunning(Escape + "; sleep 98765", "\"isolation\":\"strict\",\"killGraceSeconds\":1");
        await Eventually.Holds(() => Escaped().Length == 2, "both sleep");
        (await http.Client.PostAsync($"/v1/jobs/{id}/cancel", null)).Dispose();
        JsonElement job = await http.Client.Ended(id);
        job.Text("state").Should().Be("canceled");
        job.Long("waitStatus").Should().Be(15);
        Escaped().Should().BeEmpty();
    }

    [Theory]
    [InlineData("unshare", "unshare for /bin/sh")]
    [InlineData("mount_setattr", "mount_setattr RDONLY for /bin/sh")]
    [InlineData("setgroups", "setgroups for /bin/sh as the user nobody")]
    [InlineData("capset", "capset for /bin/sh as the user nobody")]
    public async Task A_strict_job_of_which_a_step_fails_does_not_run(string call, string says)
    {
        Assert.SkipUnless(ToolRun.Exists("strace"), "strace is missing");
        await using HttpDaemon http = await StartAsRoot(
            wrapper: ["strace", "-f", "-D", "-o", "/dev/null", "-e", "trace=" + call, "-e", $"inject={call}:error=ENOTRECOVERABLE"]);

        JsonElement job = await http.Client.SubmitToEnd("echo ran", "\"isolation\":\"strict\"");

        (job.Text("state"), job.Text("reason"), job.Long("stdoutBytes")).Should().Be(("failed", "spawn", 0));
        job.Text("detail").Should().StartWith(says);
    }

    [Fact]
    public async Task A_daemon_that_cannot_do_what_its_options_ask_for_does_not_start()
    {
        AssertRoot();
        foreach ((string[] options, string[] wrapper, string says) in ((string[], string[], string)[])
            [
                ([.. JobUser, "--isolation-http", "user"], AsNobody, "isolation-http user: the daemon is not root"),
                (["--isolation-minimum", "strict"], [], "isolation-minimum strict: isolation-user names no user"),
                (["--isolation-user", "no-such-user"], [], "isolation-user \"no-such-user\": there is no such user"),
                (["--coprocess-socket", "c", .. JobUser, "--isolation-minimum", "user"], [], "coprocess-socket: its programs have none or basic"),
            ])
        {
            await using TestDaemon daemon = await TestDaemon.Launch(options, wrapper: wrapper, owner: wrapper.Length == 0 ? null : "nobody");

            (await daemon.WaitForExit()).Should().Be(2);
            daemon.Log.Should().Contain(says);
        }
    }

    private static string Attack(HttpDaemon http)
    {
        string data = http.Daemon.Folder["data"];
        return $"for f in {data}/history.db {data}/token; do cat $f > /dev/null 2>&1 && echo read $f; done; "
            + $"for s in {data}/http.sock {http.Daemon.Address}; do curl -s -m 5 -o /dev/null --unix-socket $s http://localhost/healthz; [ $? != 7 ] && echo connected $s; done; echo over";
    }

    private static string[] Escaped() =>
    [
        .. Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0]))
            .Where(folder =>
            {
                try
                {
                    return File.ReadAllText(folder + "/cmdline") == "sleep\098765\0";
                }
                catch (IOException)
                {
                    return false;
                }
            }),
    ];

    private static void AssertRoot() => Assert.SkipUnless(Environment.UserName == "root", "only root has jobs of another user");

    private static async Task<HttpDaemon> StartAsRoot(string[]? more = null, IReadOnlyList<string>? wrapper = null)
    {
        AssertRoot();
        return await HttpDaemon.Start([.. JobUser, .. more ?? []], wrapper: wrapper);
    }

    private static async Task<HttpDaemon> StartAsNobody()
    {
        AssertRoot();
        return await HttpDaemon.Start(wrapper: AsNobody, owner: "nobody");
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
