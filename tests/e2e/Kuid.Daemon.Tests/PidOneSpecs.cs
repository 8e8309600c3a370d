using System.Diagnostics;

namespace Kuid.Daemon.Tests;

/// <summary>Row 8: as the first process of a container the daemon is also the one who reaps orphans.</summary>
public sealed class PidOneSpecs
{
    [Fact]
    public async Task Row_8_as_PID_1_statuses_are_right_and_orphans_are_reaped_and_TERM_ends_it_with_0()
    {
        using var folder = new TempFolder();
        string[] unshare = ["--pid", "--fork", "--kill-child", "--mount-proc"];
        ToolRun trial = await ToolRun.Of("unshare", [.. unshare, "true"]);
        Assert.SkipUnless(trial.ExitCode == 0, $"a PID namespace cannot be had here: {trial.Stderr.Trim()}");
        var start = new ProcessStartInfo(
            "unshare", [.. unshare, Repository.Daemon, folder["s"], folder["pid"], "--data", folder["data"], "--foreground", "--log-level", "none"]);
        using Process process = Process.Start(start)!;
        try
        {
            await Eventually.Holds(() => File.Exists(folder["pid"]), "it has started");
            int first = ProcessTable.Children(process.Id).Should().ContainSingle().Subject;
            int daemon = ProcessTable.Children(first).Should().ContainSingle("PID 1 has no other child than the daemon yet").Subject;
            (await SockprocClient.Run(folder["s"], "cat /proc/1/comm; tr '\\0' ' ' </proc/1/cmdline")).Text.Should().Contain("kuid-jobd");

            await JobLoad.Run(folder["s"], jobs: 1000, atOnce: 20);

            await Eventually.Holds(
                () => ProcessTable.Children(first).SequenceEqual([daemon]) && ProcessTable.Children(daemon).Count == 0,
                "neither zombie nor orphan is left");

            await DetachedDaemon.Signal("TERM", first);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
            process.ExitCode.Should().Be(0);
            Directory.GetFileSystemEntries(folder.Path).Should().Equal(folder["data"]);
        }
        finally
        {
            process.Kill();
        }
    }
}
