using System.Globalization;

namespace Kuid.Daemon.Tests;

/// <summary>What a daemon keeps in memory that has nothing to do.</summary>
public sealed class IdleSpecs
{
    [Fact]
    public async Task A_daemon_that_has_just_started_has_not_loaded_OpenSSL()
    {
        await using TestDaemon daemon = await TestDaemon.Start();

        string maps = await File.ReadAllTextAsync($"/proc/{daemon.Pid}/maps", TestContext.Current.CancellationToken);

        maps.Should().Contain("Kuid.Jobd.Api.dll").And.NotContain("libcrypto");
    }

    [Fact]
    public async Task What_a_burst_of_jobs_took_is_given_back_when_the_daemon_rests()
    {
        const long Kept = 6 * 1024;
        await using TestDaemon daemon = await TestDaemon.Start();
        await JobLoad.Run(daemon.Address, jobs: 1500, atOnce: 8);
        long busy = Anonymous(daemon);

        await Eventually.Holds(() => Anonymous(daemon) < busy - Kept, () => $"of {busy} KiB {Kept} are given back; it has {Anonymous(daemon)}");

        (await daemon.Run("echo ok")).Text.Should().Be("ok\n");
    }

    // KiB of memory that is no file's.
    private static long Anonymous(TestDaemon daemon) =>
        long.Parse(
            File.ReadLines($"/proc/{daemon.Pid}/smaps_rollup").Single(line => line.StartsWith("Anonymous:", StringComparison.Ordinal)).Split(' ')[^2],
            CultureInfo.InvariantCulture);
}
