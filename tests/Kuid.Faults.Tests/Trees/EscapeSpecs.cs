using System.Globalization;
using System.Text.Json;

namespace Kuid.Faults.Tests.Trees;

/// <summary>Row 34: what leaves its group, its session and its parent does not outlive a job that is ended.</summary>
public sealed class EscapeSpecs
{
    private const string Survive = """ "survive":true """;

    // One that leaves the group, one that leaves the parent too, one that closes everything, one that does not hear of SIGTERM.
    private const string Escape = """
        setsid sleep 1001 & echo $! >> pids
        (setsid sh -c 'echo $$ >> pids; exec sleep 1002' &)
        (setsid sh -c 'echo $$ >> pids; exec sleep 1003' > /dev/null 2>&1 < /dev/null &)
        (setsid sh -c 'trap "" TERM HUP INT; echo $$ >> pids; while :; do sleep 1004; done' > /dev/null 2>&1 &)
        while [ $(wc -l < pids) -lt 4 ]; do sleep 0.02; done
        echo all; wait; sleep 1005
        """;

    [Theory]
    [InlineData("auto", "")]
    [InlineData("off", "")]
    [InlineData("auto", Survive)]
    [InlineData("off", Survive)]
    public async Task Row_34_nothing_of_a_cancelled_job_survives_whatever_it_has_left(string cgroup, string survive)
    {
        await using HttpDaemon daemon = await HttpDaemon.Start(["--cgroup", cgroup, "--grace", "0.5"]);
        await HealthProbe.While(daemon.Daemon, async () =>
        {
            (long id, int[] pids) = await Escaped(daemon, survive);

            (await daemon.Client.PostAsync($"/v1/jobs/{id}/cancel", content: null)).EnsureSuccessStatusCode();

            JsonElement job = await daemon.Client.Ended(id);
            pids.Should().NotContain(pid => ProcessTable.IsAlive(pid), "the job is over, and so is all of it");
            job.Text("state").Should().Be("canceled");
            (await daemon.Daemon.Run("exit 3")).Status.Should().Be(3 << 8, "what was killed is not there for the next job");
        });
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("off")]
    public async Task Row_34_nothing_of_an_adopted_job_survives_its_end_whatever_it_has_left(string cgroup)
    {
        using var folder = new TempFolder();
        string[] options = ["--cgroup", cgroup, "--grace", "0.5"];
        long id;
        int[] pids;
        await using (HttpDaemon killed = await HttpDaemon.Start(options, folder: folder))
        {
            (id, pids) = await Escaped(killed, Survive);
            await killed.Daemon.Kill();
        }

        await using HttpDaemon next = await HttpDaemon.Start(options, folder: folder);
        pids.Should().OnlyContain(pid => ProcessTable.IsAlive(pid), "it has survived the daemon, whatever it has left");

        (await next.Client.PostAsync($"/v1/jobs/{id}/cancel", content: null)).EnsureSuccessStatusCode();

        (await next.Client.Ended(id)).Text("state").Should().Be("canceled");
        pids.Should().NotContain(pid => ProcessTable.IsAlive(pid));
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("off")]
    public async Task Row_34_nothing_of_a_job_survives_its_timeout(string cgroup)
    {
        await using HttpDaemon daemon = await HttpDaemon.Start(["--cgroup", cgroup, "--grace", "0.2"]);
        (long id, int[] pids) = await Escaped(daemon, """ "timeoutSeconds":15 """);

        (await daemon.Client.Ended(id)).Text("reason").Should().Be("timeout");

        pids.Should().NotContain(pid => ProcessTable.IsAlive(pid));
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("off")]
    public async Task Row_34_nothing_of_a_job_survives_a_stop_of_the_daemon(string cgroup)
    {
        await using HttpDaemon daemon = await HttpDaemon.Start(["--cgroup", cgroup, "--grace", "0.2"]);
        (_, int[] pids) = await Escaped(daemon);

        (await daemon.Daemon.Stop()).Should().Be(0);

        pids.Should().NotContain(pid => ProcessTable.IsAlive(pid));
        JobCgroups.RootOf(daemon.Daemon.Folder["data"]).Should().BeNull("a clean stop leaves no cgroup");
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("off")]
    public async Task Row_34_one_that_has_left_the_group_may_clean_up_at_TERM(string cgroup)
    {
        await using HttpDaemon daemon = await HttpDaemon.Start(["--cgroup", cgroup, "--grace", "30"]);
        long id = await daemon.Client.Submit("""
            setsid sh -c 'trap "sleep 0.3; echo cleaned > cleaned; exit" TERM; echo ready > ready; while :; do sleep 0.1; done' > /dev/null 2>&1 &
            wait
            """);
        await Eventually.Holds(() => File.Exists(daemon.Daemon.Folder["ready"]), "it runs in a session of its own");

        (await daemon.Client.PostAsync($"/v1/jobs/{id}/cancel", content: null)).EnsureSuccessStatusCode();

        (await daemon.Client.Ended(id)).Text("state").Should().Be("canceled");
        File.Exists(daemon.Daemon.Folder["cleaned"]).Should().BeTrue();
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("off")]
    public async Task What_a_job_leaves_behind_that_nobody_ends_lives_on(string cgroup)
    {
        using var folder = new TempFolder();
        int pid;
        await using (TestDaemon daemon = await TestDaemon.Start(["--cgroup", cgroup], folder: folder))
        {
            pid = int.Parse((await daemon.Run("setsid sleep 1006 > /dev/null 2>&1 & echo $!")).Text, CultureInfo.InvariantCulture);
            (await daemon.Run("echo next")).Text.Should().Be("next\n");
            await daemon.Kill();
        }

        await using TestDaemon next = await TestDaemon.Start(["--cgroup", cgroup], folder: folder);
        ProcessTable.IsAlive(pid).Should().BeTrue("its job had ended, and the daemon that was killed had nothing to do with it any more");
        (await next.Stop()).Should().Be(0);
        ProcessTable.IsAlive(pid).Should().BeTrue();
        await ToolRun.Of("kill", ["-9", pid.ToString(CultureInfo.InvariantCulture)]);
    }

    [Theory]
    [InlineData("auto", "auto")]
    [InlineData("auto", "off")]
    [InlineData("off", "off")]
    public async Task Row_1_what_has_left_the_group_of_a_running_job_is_gone_when_the_next_daemon_is_ready(string before, string after)
    {
        using var folder = new TempFolder();
        int[] pids;
        long id;
        await using (HttpDaemon killed = await HttpDaemon.Start(["--cgroup", before], folder: folder))
        {
            (id, pids) = await Escaped(killed);

            // A list has what was recorded before it.
            await killed.Client.GetStringAsync("/v1/jobs");
            await killed.Daemon.Kill();
        }

        pids.Should().OnlyContain(pid => ProcessTable.IsAlive(pid));
        await using HttpDaemon next = await HttpDaemon.Start(["--cgroup", after], folder: folder);

        pids.Should().NotContain(pid => ProcessTable.IsAlive(pid));
        (await next.Client.Job(id)).Text("state").Should().Be("lost");
    }

    private static async Task<(long Id, int[] Pids)> Escaped(HttpDaemon daemon, string more = "")
    {
        long id = await daemon.Client.Submit(Escape, more);
        string file = daemon.Daemon.Folder["pids"];
        await Eventually.Holds(async () => await daemon.Client.GetStringAsync($"/v1/jobs/{id}/stdout") == "all\n", "all have left");
        int[] pids = [.. File.ReadAllLines(file).Select(line => int.Parse(line, CultureInfo.InvariantCulture))];
        pids.Should().HaveCount(4).And.OnlyContain(pid => ProcessTable.IsAlive(pid));
        return (id, pids);
    }
}
