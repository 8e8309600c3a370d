using System.Text.Json;

namespace Kuid.Http.Tests;

/// <summary>The server of this machine: started when it is needed, started again when it dies, gone with the daemon.</summary>
public sealed class LocalServerSpecs
{
    [Fact]
    public async Task It_is_started_by_the_first_pipeline_and_ended_with_the_daemon()
    {
        await using HttpDaemon http = await HttpDaemon.Start();
        ProcessTable.Children(http.Daemon.Pid).Should().BeEmpty("nobody has needed it");

        (await http.Client.PipelineToEnd("echo here")).Text("state").Should().Be("succeeded");

        int manager = ProcessTable.Children(http.Daemon.Pid).Should().ContainSingle().Which;
        string socket = http.Daemon.Folder["data/sysreq.sock"];
        File.GetUnixFileMode(socket).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await http.Daemon.Stop()).Should().Be(0);
        ProcessTable.WithCommandLine(socket).Should().BeEmpty();
        ProcessTable.IsAlive(manager).Should().BeFalse();
        File.Exists(socket).Should().BeFalse();
    }

    [Fact]
    public async Task Killed_it_is_started_again_and_the_job_that_it_served_is_unreachable()
    {
        await using HttpDaemon http = await HttpDaemon.Start();
        long served = await http.Client.SubmitPipeline("echo begun; while true; do pwd; done", """ "maxOutputBytes":1000 """);
        await Eventually.Holds(async () => (await http.Client.Job(served)).Long("stdoutBytes") > 1000, "it goes round");

        await ToolRun.Of("kill", ["-KILL", $"{ProcessTable.Children(http.Daemon.Pid).Single()}"]);

        JsonElement lost = await http.Client.Ended(served);
        (lost.Text("state"), lost.Text("reason")).Should().Be(("failed", "unreachable"));
        (await http.Client.PipelineToEnd("echo back")).Text("state").Should().Be("succeeded");
        ProcessTable.Children(http.Daemon.Pid).Should().ContainSingle("the one that was killed is reaped");
    }

    [Fact]
    public async Task It_does_not_outlive_a_daemon_that_is_killed_and_what_ran_is_lost()
    {
        using var folder = new TempFolder();
        long id;
        string socket = folder["data/sysreq.sock"];
        await using (HttpDaemon killed = await HttpDaemon.Start(folder: folder))
        {
            id = await killed.Client.SubmitPipeline("echo begun; sleep 600");
            await Eventually.Holds(async () => (await killed.Client.Job(id)).Long("stdoutBytes") > 0, "it runs");
            (await killed.Client.GetAsync("/v1/jobs")).Dispose();
            ProcessTable.WithCommandLine(socket).Should().NotBeEmpty();
            await killed.Daemon.Kill();
        }

        await Eventually.Holds(() => ProcessTable.WithCommandLine(socket).Count == 0, "no server is left");
        await using HttpDaemon next = await HttpDaemon.Start(folder: folder);
        JsonElement lost = await next.Client.Job(id);
        (lost.Text("state"), lost.Text("reason")).Should().Be(("lost", "lost"));
        (await next.Client.PipelineToEnd("echo next")).Text("state").Should().Be("succeeded", "a socket that was left is in nobody's way");
    }

    [Fact]
    public async Task A_daemon_that_stops_ends_pipelines_after_the_grace()
    {
        using var folder = new TempFolder();
        long id;
        await using (HttpDaemon http = await HttpDaemon.Start(["--grace", "0.2"], folder: folder))
        {
            id = await http.Client.SubmitPipeline("echo begun; sleep 600");
            await Eventually.Holds(async () => (await http.Client.Job(id)).Long("stdoutBytes") > 0, "it runs");
            (await http.Daemon.Stop()).Should().Be(0);
        }

        await using HttpDaemon next = await HttpDaemon.Start(folder: folder);
        JsonElement ended = await next.Client.Job(id);
        (ended.Text("state"), ended.Text("reason")).Should().Be(("canceled", "shutdown"));
        (await next.Client.GetStringAsync($"/v1/jobs/{id}/rows")).Should().Be("{\"string\":\"begun\"}\n");
    }

    [Fact]
    public async Task Its_profile_is_the_daemons_to_choose()
    {
        await using HttpDaemon http = await HttpDaemon.Start(["--sysreq-profile", "look"]);

        (await http.Client.PipelineToEnd("ls / | head 1")).Text("state").Should().Be("succeeded");
        (await http.Client.PipelineToEnd($"mkdir {http.Daemon.Folder["no"]}")).Text("state").Should().Be("failed");
        Directory.Exists(http.Daemon.Folder["no"]).Should().BeFalse();
    }

    [Fact]
    public async Task A_server_that_cannot_serve_is_said_and_does_not_hold_jobs_up()
    {
        using var folder = new TempFolder();
        foreach ((string server, string says) in ((string, string)[])[(folder["none"], "ENOENT"), ("/bin/false", "it said nothing"), ("/bin/ls", "No such file")])
        {
            await using HttpDaemon http = await HttpDaemon.Start(["--sysreq-server", server]);
            JsonElement job = await http.Client.PipelineToEnd("echo never");
            (job.Text("state"), job.Text("reason")).Should().Be(("failed", "unreachable"));
            job.Text("detail").Should().Contain(says);
            (await http.Client.SubmitToEnd("echo on")).Text("state").Should().Be("succeeded");
        }
    }
}
