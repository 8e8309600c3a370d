using System.Net;
using System.Text.Json;
using Kuid.Faults.Tests.Endurance;

namespace Kuid.Faults.Tests.Jobs;

/// <summary>Jobs that cannot start, and what those that do are given.</summary>
public sealed class StartRowSpecs
{
    // What the daemon loads late; a leak would be one for each of a hundred jobs.
    private const int Slack = 10;

    [Fact]
    public async Task Row_44_Every_exit_code_and_signal_is_told_over_both_doors()
    {
        await using HttpDaemon http = await HttpDaemon.Start();
        await HealthProbe.While(http.Daemon, async () =>
        {
            await Parallel.ForEachAsync(Enumerable.Range(0, 256), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (code, _) =>
            {
                (await http.Daemon.Run($"exit {code}")).Status.Should().Be(code << 8);
                JsonElement result = await Exec(http.Client, Requests.Shell($"exit {code}"));
                (result.Long("exitCode"), result.GetProperty("signal").ValueKind).Should().Be((code, JsonValueKind.Null));
            });
            foreach ((string name, int number) in new[] { ("HUP", 1), ("INT", 2), ("USR1", 10), ("SEGV", 11), ("PIPE", 13), ("TERM", 15), ("KILL", 9) })
            {
                (await http.Daemon.Run($"ulimit -c 0; kill -{name} $$")).Status.Should().Be(number);
                (await Exec(http.Client, Requests.Shell($"ulimit -c 0; kill -{name} $$"))).Text("signal").Should().Be("SIG" + name);
            }
        });
    }

    [Fact]
    public async Task Row_45_What_cannot_be_executed_is_told_and_keeps_no_descriptor()
    {
        await using HttpDaemon http = await HttpDaemon.Start();
        string plain = http.Daemon.Folder["plain"], text = http.Daemon.Folder["text"];
        await File.WriteAllTextAsync(plain, "#!/bin/sh\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(text, "no program\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(text, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        (string Json, string Error)[] failures =
        [
            ("""{"kind":"argv","argv":["/no/such/program"]}""", "ENOENT"),
            ($$"""{"kind":"argv","argv":["{{plain}}"]}""", "EACCES"),
            ($$"""{"kind":"argv","argv":["{{text}}"]}""", "ENOEXEC"),
            ("""{"kind":"argv","argv":["true"],"cwd":"/no/such/directory"}""", "ENOENT"),
            ($$"""{"kind":"argv","argv":["true","{{new string('x', 131_072)}}"]}""", "E2BIG"),
        ];
        await Exec(http.Client, failures[0].Json);
        int before = ProcessTable.PassingDescriptors(http.Daemon.Pid);

        await HealthProbe.While(http.Daemon, async () =>
        {
            for (int i = 0; i < 20; i++)
            {
                foreach ((string json, string error) in failures)
                {
                    using HttpResponseMessage response = await http.Client.PostAsync("/v1/exec", Requests.Json(json));
                    JsonElement answer = await response.Body();
                    if (response.StatusCode == HttpStatusCode.OK)
                    {
                        (answer.Text("state"), answer.Text("reason")).Should().Be(("failed", "spawn"), "of {0}", error);
                        answer.Text("detail").Should().Contain(error == "ENOEXEC" ? "exec " : error);
                    }
                    else
                    {
                        (response.StatusCode, error).Should().Be((HttpStatusCode.UnprocessableEntity, "E2BIG"), "an argument that no process can have is refused");
                    }
                }
            }
        });
        await Eventually.Holds(() => ProcessTable.PassingDescriptors(http.Daemon.Pid) <= before + Slack, "no descriptor is kept");
    }

    [Fact]
    public async Task Row_45_Without_a_shell_each_client_is_told_so_and_the_daemon_lives()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can hide /bin/sh from a daemon");
        string[] wrapper = ["unshare", "--mount", "sh", "-c", "touch nothing && mount --bind nothing \"$(readlink -f /bin/sh)\" && exec \"$@\"", "sh"];
        Assert.SkipUnless((await ToolRun.Of("unshare", ["--mount", "true"])).ExitCode == 0, "mount namespaces are not allowed here");
        await using TestDaemon daemon = await TestDaemon.Start(wrapper: wrapper);

        for (int i = 0; i < 5; i++)
        {
            Reply reply = await daemon.Run("true");
            reply.Status.Should().Be(-1);
            reply.Error.Should().Contain("exec /bin/sh: EACCES");
        }

        (await daemon.Stop()).Should().Be(0);
    }

    [Fact]
    public async Task Row_46_While_there_is_no_room_for_processes_jobs_fail_with_the_reason_and_afterwards_they_run()
    {
        await using HttpDaemon http = await HttpDaemon.Start();
        (await http.Daemon.Run("true")).Status.Should().Be(0);
        (await Exec(http.Client, """{"kind":"argv","argv":["/no/such/program"]}""")).Text("reason").Should().Be("spawn");
        using SpawnerThreads? threads = SpawnerThreads.TryTake(http.Daemon.Pid);
        Assert.SkipWhen(threads is null, "limiting the number of processes needs root and the cgroup v1 pids controller at /sys/fs/cgroup/pids");
        int before = ProcessTable.PassingDescriptors(http.Daemon.Pid);

        await HealthProbe.While(
            http.Daemon,
            async () =>
            {
                threads.Limit(0);
                for (int i = 0; i < 50; i++)
                {
                    Reply reply = await http.Daemon.Run("true");
                    (reply.Status, reply.Error).Should().Match<(int Status, string Error)>(told => told.Status == -1 && told.Error.Contains("clone for /bin/sh: EAGAIN"));
                    JsonElement result = await Exec(http.Client, Requests.Shell("true"));
                    (result.Text("state"), result.Text("reason")).Should().Be(("failed", "spawn"));
                }

                threads.Limit(null);
                await Eventually.Holds(async () => (await http.Daemon.Run("exit 7")).Status == 7 << 8, "jobs run again");
            },
            sockproc: false);

        await Eventually.Holds(() => ProcessTable.PassingDescriptors(http.Daemon.Pid) <= before + Slack, "no descriptor is kept");
    }

    [Fact]
    public async Task Row_48_Two_hundred_jobs_at_once_have_the_three_streams_and_a_cat_among_them_sees_the_end_of_its_input()
    {
        await using HttpDaemon http = await HttpDaemon.Start();
        await HealthProbe.While(http.Daemon, async () =>
        {
            Task<Reply>[] cats = [.. Enumerable.Range(0, 20).Select(i => http.Daemon.Run("cat", new byte[i * 1000]))];
            Task<Reply>[] lists = [.. Enumerable.Range(0, 200).Select(_ => http.Daemon.Run("ls -U /proc/self/fd"))];

            // Descriptor 3 is the folder that ls itself has open.
            (await Task.WhenAll(lists)).Should().OnlyContain(reply => reply.Text == "0\n1\n2\n3\n");
            (await Task.WhenAll(cats)).Select(reply => reply.Stdout.Length).Should().Equal(Enumerable.Range(0, 20).Select(i => i * 1000));
        });
    }

    private static async Task<JsonElement> Exec(HttpClient client, string json)
    {
        using HttpResponseMessage response = await client.PostAsync("/v1/exec", Requests.Json(json));
        response.StatusCode.Should().Be(HttpStatusCode.OK);
        return await response.Body();
    }
}
