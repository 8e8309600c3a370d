using System.Diagnostics;

namespace Kuid.Daemon.Tests;

/// <summary>Row 5: a stop at any moment of the start leaves nothing that keeps the next start from succeeding.</summary>
public sealed class StopDuringStartSpecs
{
    [Fact]
    public async Task Row_5_TERM_at_any_moment_of_the_start_leaves_nothing_behind()
    {
        await using var daemon = new DetachedDaemon();
        for (int milliseconds = 0; milliseconds <= 300; milliseconds += 10)
        {
            var start = new ProcessStartInfo(
                Repository.Daemon, [daemon.Folder["s"], daemon.Pidfile, "--data", daemon.Folder["data"], "--foreground", "--log-level", "none"]);
            using Process process = Process.Start(start)!;
            await Task.Delay(milliseconds, TestContext.Current.CancellationToken);
            await DetachedDaemon.Signal("TERM", process.Id);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);

            process.ExitCode.Should().BeOneOf([0, 128 + 15], "TERM came after {0} ms", milliseconds);
            LeftBehind(daemon).Should().BeEmpty("TERM came after {0} ms", milliseconds);
        }

        (await daemon.Start(daemon.Folder["s"])).ExitCode.Should().Be(0);
        (await SockprocClient.Run(daemon.Folder["s"], "echo up")).Text.Should().Be("up\n");
    }

    [Fact]
    public async Task Row_5_TERM_to_both_processes_of_a_detaching_start_leaves_nothing_behind()
    {
        await using var daemon = new DetachedDaemon();
        for (int milliseconds = 0; milliseconds <= 300; milliseconds += 20)
        {
            Task<ToolRun> start = daemon.Start(daemon.Folder["s"]);
            await Task.Delay(milliseconds, TestContext.Current.CancellationToken);
            await DetachedDaemon.Signal("TERM", daemon.Processes);

            int code = (await start).ExitCode;
            code.Should().BeOneOf([0, 111, 128 + 15], "TERM came after {0} ms", milliseconds);

            // The child may have been born between the look at the processes and the signal.
            await Eventually.Holds(
                async () =>
                {
                    await DetachedDaemon.Signal("TERM", daemon.Processes);
                    return daemon.Processes.Count == 0;
                },
                "nothing of it runs");
            LeftBehind(daemon).Should().BeEmpty("TERM came after {0} ms", milliseconds);
        }

        (await daemon.Start(daemon.Folder["s"])).ExitCode.Should().Be(0);
        (await SockprocClient.Run(daemon.Folder["s"], "echo up")).Text.Should().Be("up\n");
    }

    // The data folder, its log, its spool, the history, the audit log and the token stay.
    private static string[] LeftBehind(DetachedDaemon daemon) =>
        [.. Directory.GetFileSystemEntries(daemon.Folder.Path, "*", SearchOption.AllDirectories)
            .Where(entry => Path.GetFileName(entry) is not ("data" or "jobd.log" or "spool" or "history.db" or "token" or "audit.log"))];
}
