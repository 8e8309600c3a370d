using System.Diagnostics;
using System.Globalization;

namespace Kuid.Daemon.Tests;

/// <summary>What a supervisor is told (sd_notify(3)): ready, still there, reading the configuration, stopping and how long it may take.</summary>
public sealed class SupervisedSpecs : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_is_told_when_the_daemon_serves_and_when_it_stops(bool isAbstract)
    {
        using var supervisor = new SupervisorSocket(isAbstract ? "@kuid-test-" + Guid.NewGuid().ToString("N") : _folder["notify"]);
        await using TestDaemon daemon = await TestDaemon.Start(["--grace", "7"], environment: supervisor.Environment());

        (await supervisor.Next("READY=1")).Should().Be("READY=1");
        (await daemon.Run("echo up")).Text.Should().Be("up\n", "it serves when it says so");

        Task<int> stop = daemon.Stop();
        string[] words = (await supervisor.Next("STOPPING=1")).Split('\n');
        words.Should().HaveCount(2);
        Microseconds(words[1], "EXTEND_TIMEOUT_USEC=").Should().BeGreaterThan(7_000_000, "jobs have that long to finish");
        (await stop).Should().Be(0);
        supervisor.All.Should().NotContain("WATCHDOG=1", "it has not asked for signs of life");
    }

    [Fact]
    public async Task While_jobs_finish_it_is_told_that_the_stop_goes_on()
    {
        using var supervisor = new SupervisorSocket(_folder["notify"]);
        await using TestDaemon daemon = await TestDaemon.Start(["--grace", "60"], environment: supervisor.Environment());
        Task<Reply> job = daemon.Run("touch runs; until [ -e go ]; do sleep 0.05; done");
        await Eventually.Holds(() => File.Exists(daemon.Folder["runs"]), "the job runs");

        Task<int> stop = daemon.Stop();
        await supervisor.Next("STOPPING=1");
        Microseconds(await supervisor.Next("EXTEND_TIMEOUT_USEC="), "EXTEND_TIMEOUT_USEC=").Should().BePositive();
        await supervisor.Next("EXTEND_TIMEOUT_USEC=");

        await File.WriteAllTextAsync(daemon.Folder["go"], string.Empty, TestContext.Current.CancellationToken);
        (await job).Status.Should().Be(0);
        (await stop).Should().Be(0);
    }

    [Fact]
    public async Task A_reload_is_told_with_its_time_and_its_end_whether_it_succeeds_or_not()
    {
        await File.WriteAllTextAsync(_folder["c"], "grace = 1\n", TestContext.Current.CancellationToken);
        using var supervisor = new SupervisorSocket(_folder["notify"]);
        await using TestDaemon daemon = await TestDaemon.Start(["--config", _folder["c"]], environment: supervisor.Environment());
        await supervisor.Next("READY=1");

        foreach (string text in (string[])["grace = 2\n", "grace = soon\n"])
        {
            await File.WriteAllTextAsync(_folder["c"], text, TestContext.Current.CancellationToken);
            long before = Stopwatch.GetTimestamp() / 1000;
            await daemon.Signal("HUP");

            string[] words = (await supervisor.Next("RELOADING=1")).Split('\n');
            Microseconds(words[1], "MONOTONIC_USEC=").Should().BeInRange(before, Stopwatch.GetTimestamp() / 1000, "it is CLOCK_MONOTONIC's");
            (await supervisor.Next("READY=1")).Should().Be("READY=1");
        }
    }

    [Fact]
    public async Task Signs_of_life_come_in_time_also_while_the_history_is_locked()
    {
        Assert.SkipUnless(ToolRun.Exists("sqlite3"), "sqlite3 is not installed");
        using var supervisor = new SupervisorSocket(_folder["notify"]);
        await using TestDaemon daemon = await TestDaemon.Start(environment: supervisor.Environment(TimeSpan.FromSeconds(2)));
        for (int i = 0; i < 4; i++)
        {
            await supervisor.Next("WATCHDOG=1");
        }

        using Process locker = Process.Start(new ProcessStartInfo("sqlite3", [daemon.Folder["data/history.db"]])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        await locker.StandardInput.WriteLineAsync("begin exclusive;\nselect 'locked';");
        (await locker.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)).Should().Be("locked");
        (await daemon.Run("true")).Status.Should().Be(0);
        for (int i = 0; i < 4; i++)
        {
            await supervisor.Next("WATCHDOG=1");
        }

        locker.Kill();
        await locker.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Signs_of_life_that_are_wanted_of_another_process_are_not_given()
    {
        using var supervisor = new SupervisorSocket(_folder["notify"]);
        Dictionary<string, string?> environment = supervisor.Environment(TimeSpan.FromMilliseconds(100));
        environment["WATCHDOG_PID"] = "1";
        await using TestDaemon daemon = await TestDaemon.Start(environment: environment);
        (await daemon.Run("sleep 0.5")).Status.Should().Be(0);

        supervisor.All.Should().Equal("READY=1");
    }

    [Fact]
    public async Task Row_51_nothing_that_is_between_the_daemon_and_its_supervisor_reaches_a_job()
    {
        using var supervisor = new SupervisorSocket(_folder["notify"]);
        Dictionary<string, string?> environment = supervisor.Environment(TimeSpan.FromSeconds(60));
        foreach (string name in (string[])["LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "WATCHDOG_PID", "CREDENTIALS_DIRECTORY"])
        {
            environment[name] = "1";
        }

        await using TestDaemon daemon = await TestDaemon.Start(environment: environment);

        string seen = (await daemon.Run("env")).Text;

        seen.Should().NotContain("NOTIFY_").And.NotContain("WATCHDOG_").And.NotContain("LISTEN_").And.NotContain("CREDENTIALS_").And.Contain("PATH=");
    }

    [Fact]
    public async Task A_supervisor_that_has_gone_is_no_fault()
    {
        await using TestDaemon daemon = await TestDaemon.Start(environment: new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["NOTIFY_SOCKET"] = _folder["nobody"],
            ["WATCHDOG_USEC"] = "100000",
        });

        (await daemon.Run("echo up")).Text.Should().Be("up\n");
        (await daemon.Stop()).Should().Be(0);
    }

    private static long Microseconds(string word, string name)
    {
        word.Should().StartWith(name);
        return long.Parse(word[name.Length..], NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
