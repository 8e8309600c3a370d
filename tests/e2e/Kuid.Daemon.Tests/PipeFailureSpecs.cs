using System.Diagnostics;
using System.Globalization;

namespace Kuid.Daemon.Tests;

/// <summary>Row 47: a pipe of a job's cannot be had.</summary>
[Collection(nameof(Load))]
public sealed class PipeFailureSpecs
{
    [Fact]
    public async Task Row_47_of_a_thousand_jobs_whose_second_or_third_pipe_fails_no_descriptor_is_left()
    {
        Assert.SkipUnless(ToolRun.Exists("strace"), "strace is not on PATH");
        await using TestDaemon daemon = await TestDaemon.Start(["--http-socket", "off"]);
        await JobLoad.Run(daemon.Address, jobs: 100, atOnce: 4);
        int before = ProcessTable.PassingDescriptors(daemon.Pid);

        // In the threads that start processes only: the runtime's own pipes are another row.
        string[] spawners =
        [
            .. Directory.EnumerateDirectories($"/proc/{daemon.Pid.ToString(CultureInfo.InvariantCulture)}/task")
                .Where(task => File.ReadAllText(task + "/comm").StartsWith("kuid-spawner", StringComparison.Ordinal))
                .SelectMany(task => new[] { "-p", Path.GetFileName(task) }),
        ];
        using Process strace = Process.Start(new ProcessStartInfo(
            "strace", [.. spawners, "-q", "-o", "/dev/null", "-e", "trace=pipe2", "-e", "inject=pipe2:error=EMFILE:when=2+3"])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        })!;
        try
        {
            await Eventually.Holds(
                async () => strace.HasExited || (await daemon.Run("true")).Error.Contains("EMFILE", StringComparison.Ordinal), "pipes fail");
            Assert.SkipUnless(!strace.HasExited, "processes cannot be traced here");
            int failed = 0;
            await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
            {
                for (int i = 0; i < 250; i++)
                {
                    Reply reply = await daemon.Run("echo ok");
                    failed += reply.Error.Contains("EMFILE", StringComparison.Ordinal) ? 1 : 0;
                    (reply.Text == "ok\n" || reply.Error.StartsWith("kuid-jobd: the command could not be started:", StringComparison.Ordinal)).Should().BeTrue();
                }
            }));
            failed.Should().BeGreaterThan(100);
        }
        finally
        {
            await ToolRun.Of("kill", ["-INT", strace.Id.ToString(CultureInfo.InvariantCulture)]);
            await strace.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await Eventually.Holds(() => ProcessTable.PassingDescriptors(daemon.Pid) <= before + 5, "all half-made pipes are closed");
        (await daemon.Run("echo ok")).Text.Should().Be("ok\n");
    }
}
