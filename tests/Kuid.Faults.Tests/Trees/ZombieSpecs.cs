using System.Globalization;

namespace Kuid.Faults.Tests.Trees;

/// <summary>Row 54: many short jobs, with double forks among them, leave nothing to be reaped and no cgroup too many.</summary>
public sealed class ZombieSpecs
{
    private const int Side = 8;
    private const int MostCgroups = 64;

    private static readonly int Jobs =
        int.TryParse(Environment.GetEnvironmentVariable("KUID_ZOMBIE_JOBS"), NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : 500;

    [Theory]
    [InlineData("auto")]
    [InlineData("off")]
    public async Task Row_54_short_jobs_of_which_every_fifth_forks_twice_leave_no_zombie(string cgroup)
    {
        await using TestDaemon daemon = await TestDaemon.Start(["--cgroup", cgroup]);

        await Task.WhenAll(Enumerable.Range(0, Side).Select(async side =>
        {
            for (int i = side; i < Jobs; i += Side)
            {
                string command = i % 5 == 0 ? "(setsid sh -c 'exit 1' > /dev/null 2>&1 < /dev/null &) ; exit 4" : "exit 4";
                (await daemon.Run(command)).Status.Should().Be(4 << 8, "its status is its own, whoever else is reaped");
            }
        }));

        await Eventually.Holds(() => ProcessTable.Children(daemon.Pid).Count == 0, "every child and every orphan is reaped");
        if (JobCgroups.RootOf(daemon.Folder["data"]) is { } root)
        {
            await Eventually.Holds(() => Directory.GetDirectories(root).Length <= MostCgroups, "cgroups are used again or removed");
        }
    }

    [Fact]
    public async Task Row_54_orphans_are_reaped_while_a_job_runs_that_outlives_the_daemon()
    {
        await using HttpDaemon daemon = await HttpDaemon.Start(["--cgroup", "off"]);
        long surviving = await daemon.Client.SubmitRunning("sleep 1008", "\"survive\":true");
        IReadOnlyList<int> keepers = ProcessTable.Children(daemon.Daemon.Pid);

        for (int i = 0; i < 20; i++)
        {
            await daemon.Daemon.Run("(setsid sh -c 'exit 1' > /dev/null 2>&1 < /dev/null &) ; exit 4");
        }

        await Eventually.Holds(() => ProcessTable.Children(daemon.Daemon.Pid).Count == keepers.Count, "nothing but the keeper is left");
        (await daemon.Client.PostAsync($"/v1/jobs/{surviving}/cancel", content: null)).EnsureSuccessStatusCode();
        await daemon.Client.Ended(surviving);
        await Eventually.Holds(() => ProcessTable.Children(daemon.Daemon.Pid).Count == 0, "the keeper is reaped too");
    }
}
