using System.Text.Json;

namespace Kuid.Faults.Tests.Trees;

/// <summary>Row 15: memory that runs out takes the job and not the daemon.</summary>
public sealed class MemoryPressureSpecs
{
    private const int SIGKILL = 9;

    [Fact]
    public async Task Row_15_a_job_that_eats_the_memory_of_the_daemons_control_group_is_killed_and_the_daemon_lives()
    {
        using OldGroup? group = OldGroup.TryCreate("memory");
        Assert.SkipWhen(group is null, "no memory control group of version 1 can be made here");
        group!.Set("memory.limit_in_bytes", $"{512 << 20}");
        await using TestDaemon daemon = await TestDaemon.Start(wrapper: group.Wrapper);
        using HttpClient client = HttpDaemon.ClientOf(daemon.Folder["data/http.sock"]);

        // One endless line, which tail keeps whole.
        long id = await client.Submit("exec tail /dev/zero");
        JsonElement job = await client.Ended(id);

        (job.Text("state"), job.Text("reason"), job.Text("signal")).Should().Be(("failed", "signal", "SIGKILL"));
        job.Long("waitStatus").Should().Be(SIGKILL);
        group.Read("memory.oom_control").Should().Contain("oom_kill 1", "it was the kernel");
        (await daemon.Run("echo up")).Text.Should().Be("up\n");
    }

    [Fact]
    public async Task Row_15_what_spares_the_daemon_does_not_spare_its_jobs()
    {
        ToolRun lower = await ToolRun.Of("sh", ["-c", "echo -500 > /proc/self/oom_score_adj"]);
        Assert.SkipUnless(lower.ExitCode == 0, "a lower score needs CAP_SYS_RESOURCE");
        await using TestDaemon daemon = await TestDaemon.Start(
            wrapper: ["/bin/sh", "-c", "echo -500 > /proc/self/oom_score_adj && exec \"$@\"", "sh"]);

        (await daemon.Run("cat /proc/self/oom_score_adj")).Text.Should().Be("0\n");
        File.ReadAllText($"/proc/{daemon.Pid}/oom_score_adj").Should().Be("-500\n");
    }
}
