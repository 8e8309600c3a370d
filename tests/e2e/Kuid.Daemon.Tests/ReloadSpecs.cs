namespace Kuid.Daemon.Tests;

/// <summary>Row 6: SIGHUP takes over what can change, names what cannot, and a broken file changes nothing.</summary>
public sealed class ReloadSpecs
{
    [Fact]
    public async Task Row_6_HUP_takes_over_the_limits_of_the_door()
    {
        await using var folder = new ConfiguredDaemon();
        await folder.Start("[sockproc]\ncommand-bytes = 10\nstdin-bytes = 3\n");
        (await folder.Run("echo 1234567")).Error.Should().Contain("longer than 10 bytes");

        await folder.Reload("[sockproc]\ncommand-bytes = 12\nstdin-bytes = 5\n");

        (await folder.Run("echo 1234567")).Text.Should().Be("1234567\n");
        (await folder.Run("echo 12345678")).Error.Should().Contain("longer than 12 bytes");
        (await folder.Run("cat", "12345"u8.ToArray())).Text.Should().Be("12345");
        (await folder.Run("cat", "123456"u8.ToArray())).Error.Should().Contain("above 5");
    }

    [Fact]
    public async Task Row_6_HUP_takes_over_the_log_level_and_a_removed_key_has_its_default_again()
    {
        await using var folder = new ConfiguredDaemon();
        await folder.Start("log-level = information\n");
        await folder.Run("true");

        // A job is logged beside its reply and not before it.
        await QuietSecond.Of(folder.Daemon.Pid);
        await folder.Reload("log-level = debug\n");
        await folder.Run("true");
        await Eventually.Holds(() => folder.Daemon.Log.Contains("job 2:", StringComparison.Ordinal), "the second job is logged");
        folder.Daemon.Log.Should().NotContain("job 1:");

        await folder.Reload(string.Empty);
        await folder.Run("true");
        await folder.Daemon.Stop();
        folder.Daemon.Log.Should().NotContain("job 3:");
    }

    [Fact]
    public async Task Row_6_HUP_takes_over_the_grace_period()
    {
        await using var folder = new ConfiguredDaemon();
        await folder.Start("grace = 100000\n");
        Task<Reply> reply = folder.Run("touch started; sleep 1000");
        await Eventually.Holds(() => File.Exists(folder.Daemon.Folder["started"]), "the job runs");

        await folder.Reload("grace = 0\n");

        (await folder.Daemon.Stop()).Should().Be(0);
        (await reply).Status.Should().Be(15);
        folder.Daemon.Log.Should().Contain("jobs have 0 s to finish");
    }

    [Theory]
    [InlineData("log-level = debug\n[sockproc]\ncommand-bytes = a lot\n", "[sockproc] command-bytes \"a lot\": allowed: a whole number from 1 to 131071")]
    [InlineData("log-level = debug\ngarce = 3\n", "unknown key \"garce\"")]
    [InlineData("log-level = debug\nthis is no line\n", "this is no line")]
    public async Task Row_6_a_broken_file_changes_nothing_and_is_quoted(string broken, string quotation)
    {
        await using var folder = new ConfiguredDaemon();
        await folder.Start("[sockproc]\ncommand-bytes = 12\n");

        await folder.Hup(broken, "SIGHUP: the configuration stays as it was");

        folder.Daemon.Log.Should().Contain(quotation);
        (await folder.Run("echo 1234567")).Text.Should().Be("1234567\n");
        (await folder.Run("echo 12345678")).Error.Should().Contain("longer than 12 bytes");
        folder.Daemon.Log.Should().NotContain("job 1:", "the level stays too");
    }

    [Fact]
    public async Task A_file_that_has_gone_changes_nothing()
    {
        await using var folder = new ConfiguredDaemon();
        await folder.Start("[sockproc]\ncommand-bytes = 12\n");

        File.Delete(folder.File);
        await folder.Daemon.Signal("HUP");

        await Eventually.Holds(() => folder.Daemon.Log.Contains("stays as it was", StringComparison.Ordinal), "it is logged");
        (await folder.Run("echo 12345678")).Error.Should().Contain("longer than 12 bytes");
    }

    [Theory]
    [InlineData("socket-mode = 0666", "socket-mode")]
    [InlineData("socket-group = daemon", "socket-group")]
    [InlineData("concurrency = 3", "concurrency")]
    [InlineData("log-format = json", "log-format")]
    [InlineData("[sockproc]\nconnections = 3", "sockproc-connections")]
    [InlineData("pidfile = other", "pidfile")]
    public async Task What_needs_a_restart_is_named(string line, string option)
    {
        await using var folder = new ConfiguredDaemon();
        await folder.Start(string.Empty);

        await folder.Reload(line);

        folder.Daemon.Log.Should().Contain($"SIGHUP: {option} has changed and takes effect at the next start");
        (await folder.Run("echo up")).Text.Should().Be("up\n");
    }

    [Fact]
    public async Task A_reload_without_changes_names_nothing()
    {
        await using var folder = new ConfiguredDaemon();
        const string Text = "grace = 5\nsocket-mode = 0660\ncallback-allow = http://127.0.0.1:9/a http://127.0.0.1:9/b\n[sockproc]\ndrain-seconds = 3\n";
        await folder.Start(Text);

        await folder.Reload(Text);

        folder.Daemon.Log.Should().NotContain("takes effect at the next start");
    }

    [Fact]
    public async Task Row_6_a_running_job_survives_HUP()
    {
        await using var folder = new ConfiguredDaemon();
        await folder.Start(string.Empty);
        Task<Reply> reply = folder.Run("touch started; while [ ! -e go ]; do sleep 0.02; done; echo done");
        await Eventually.Holds(() => File.Exists(folder.Daemon.Folder["started"]), "the job runs");

        await folder.Reload("[sockproc]\ncommand-bytes = 10\ntimeout-seconds = 0.1\n");
        await File.WriteAllTextAsync(folder.Daemon.Folder["go"], string.Empty, TestContext.Current.CancellationToken);

        (await reply).Should().BeEquivalentTo(new Reply(0, "done\n"u8.ToArray(), []));
    }

    [Fact]
    public async Task The_log_file_is_opened_again_after_it_was_moved_away()
    {
        await using var daemon = new DetachedDaemon();
        await daemon.Start(daemon.Folder["s"]);
        await Eventually.Holds(() => daemon.Log.Contains("ready, pid", StringComparison.Ordinal), "the start is logged");
        string old = daemon.LogFile + ".1";
        File.Move(daemon.LogFile, old);

        await DetachedDaemon.Signal("HUP", daemon.Pid);
        await Eventually.Holds(() => daemon.Log.Contains("SIGHUP: configuration read again", StringComparison.Ordinal), "the new file has it");
        await daemon.Stop();

        (await File.ReadAllTextAsync(old, TestContext.Current.CancellationToken)).Should().Contain("ready, pid").And.NotContain("stopp");
        daemon.Log.Should().Contain("SIGTERM: stopping").And.NotContain("ready, pid");
        File.GetUnixFileMode(daemon.LogFile).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
