using System.Text.Json;

namespace Kuid.Faults.Tests.Trees;

/// <summary>Row 53: a job that forks without end, within limits that this test sets before it starts.</summary>
public sealed class ForkBombSpecs
{
    // The daemon and all below it may be so many tasks, whatever becomes of the limit of the bomb's own user.
    private const int MostTasks = 600;
    private const int MostProcesses = 60;

    [Fact]
    public async Task Row_53_a_fork_bomb_is_killed_whole_while_the_daemon_answers()
    {
        using OldGroup? group = OldGroup.TryCreate("pids");
        Assert.SkipWhen(group is null, "no pids control group of version 1 can be made here, and no bomb is lit without it");
        Assert.SkipUnless(File.Exists("/usr/bin/perl") && File.Exists("/usr/bin/prlimit"), "needs perl and prlimit");
        group!.Set("pids.max", $"{MostTasks}");
        await using TestDaemon daemon = await TestDaemon.Start(["--grace", "0.5"], wrapper: group.Wrapper);
        using HttpClient client = HttpDaemon.ClientOf(daemon.Folder["data/http.sock"]);

        // Each copy leads a group of its own and does not hear of SIGTERM. A user that nobody else is, or root's own processes counted.
        const string Bomb = "$SIG{TERM} = \"IGNORE\"; while (1) { defined fork or select undef, undef, undef, 0.02; setpgrp }";
        await HealthProbe.While(daemon, async () =>
        {
            long id = await client.Submit(
                $"exec prlimit --nproc={MostProcesses} setpriv --reuid=64242 --regid=64242 --clear-groups perl -e '{Bomb}' kuid-bomb");
            await Eventually.Holds(() => JobCgroups.Members(daemon.Folder["data"]).Count >= MostProcesses, "the bomb has all it may have");

            (await client.PostAsync($"/v1/jobs/{id}/cancel", content: null)).EnsureSuccessStatusCode();

            JsonElement job = await client.Ended(id);
            job.Text("state").Should().Be("canceled");
            ProcessTable.WithCommandLine("kuid-bomb").Should().BeEmpty();
        });
    }
}
