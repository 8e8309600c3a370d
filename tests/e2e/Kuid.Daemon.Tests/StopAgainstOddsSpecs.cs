using System.Globalization;

namespace Kuid.Daemon.Tests;

/// <summary>What could keep a stop from being one.</summary>
public sealed class StopAgainstOddsSpecs
{
    [Fact]
    public async Task A_job_that_was_being_ended_already_does_not_outlive_the_daemon()
    {
        await using TestDaemon daemon = await TestDaemon.Start(["--grace", "3"]);
        using SockprocClient client = await daemon.Connect();
        string pidFile = daemon.Folder["job"];
        await client.Send($"trap '' TERM; echo $$ > {pidFile}; while :; do sleep 1; done\r\n10\r\nabc");
        await Eventually.Holds(() => File.Exists(pidFile) && new FileInfo(pidFile).Length > 0, "the job runs");
        int job = int.Parse(File.ReadAllText(pidFile).Trim(), CultureInfo.InvariantCulture);

        // Its own grace period begins late in the daemon's and would last beyond it.
        await daemon.Signal("TERM");
        await Eventually.Holds(() => daemon.Log.Contains("stopping", StringComparison.Ordinal), "the stop has begun");
        client.HalfClose();

        (await daemon.WaitForExit()).Should().Be(0);
        ProcessTable.IsAlive(job).Should().BeFalse();
    }

    [Fact]
    public async Task A_socket_that_cannot_be_removed_keeps_nobody_from_the_reply()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "root is needed to run the daemon as a user who may not write to the folder");
        await using TestDaemon daemon = await TestDaemon.Start(wrapper: ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"], owner: "65534");
        using SockprocClient client = await daemon.Connect();
        await client.Send(SockprocClient.Request("sleep 1; echo done"));
        await Eventually.Holds(() => ProcessTable.Children(daemon.Pid).Count > 0, "the job runs");
        File.SetUnixFileMode(daemon.Folder.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        await daemon.Signal("TERM");

        (await client.ReadReply()).Text.Should().Be("done\n");
        (await daemon.WaitForExit()).Should().Be(0);
        File.SetUnixFileMode(daemon.Folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task A_configuration_that_makes_no_sense_at_all_ends_no_daemon_at_a_reload()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["conf"], "grace = 5\n", TestContext.Current.CancellationToken);
        await using TestDaemon daemon = await TestDaemon.Start(["--config", folder["conf"]]);
        await File.WriteAllTextAsync(folder["conf"], "pidfile = a\0b\n", TestContext.Current.CancellationToken);

        await daemon.Signal("HUP");

        await Eventually.Holds(() => daemon.Log.Contains("the configuration stays as it was", StringComparison.Ordinal), "it says so");
        (await daemon.Run("echo up")).Text.Should().Be("up\n");
    }

    [Fact]
    public async Task A_file_size_limit_ends_the_job_that_meets_it_and_not_the_daemon()
    {
        await using TestDaemon daemon = await TestDaemon.Start();
        await daemon.Run("true");
        await ToolRun.Of("prlimit", ["--fsize=1048576", "--pid", daemon.Pid.ToString(CultureInfo.InvariantCulture)]);

        Reply reply = await daemon.Run("head -c 5000000 /dev/zero");

        reply.Status.Should().Be(-1);
        reply.Error.Should().StartWith("kuid-jobd: the output cannot be kept");
        (await daemon.Run("echo up")).Text.Should().Be("up\n");
    }
}
