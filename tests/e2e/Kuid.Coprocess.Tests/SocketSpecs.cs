namespace Kuid.Coprocess.Tests;

/// <summary>Who may use the socket, and what a daemon needs to open it.</summary>
public sealed class SocketSpecs
{
    private const string Nobody = "65534";

    [Theory]
    [InlineData("0600", false)]
    [InlineData("0660", false)]
    [InlineData("0666", true)]
    public async Task Another_user_is_served_only_by_a_socket_that_is_open_to_others(string mode, bool served)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root may become another user");
        Assert.SkipUnless(ToolRun.Exists("socat"), "socat is not on PATH");
        await using CoprocessDaemon daemon = await CoprocessDaemon.Start("--coprocess-mode", mode);
        File.SetUnixFileMode(daemon.Daemon.Folder.Path, (UnixFileMode)0b111_001_001);

        ToolRun run = await ToolRun.Of(
            "setpriv",
            ["--reuid", Nobody, "--regid", Nobody, "--clear-groups", "socat", "-t", "30", "-", $"UNIX-CONNECT:{daemon.Socket}"],
            Wire.Netstring("ENV\0A=1\0"));

        if (served)
        {
            run.Text.Should().Be("2:OK,", "{0}", run.Stderr);
        }
        else
        {
            run.Text.Should().BeEmpty();
            run.Stderr.Should().Contain("Permission denied");
        }
    }

    [Theory]
    [InlineData("--coprocess-shell", "/nonexistent", "--coprocess-shell /nonexistent: there is no such file")]
    [InlineData("--coprocess-socket", "/tmp/0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012", "the path of a Unix socket has at most 107 bytes")]
    public async Task A_daemon_does_not_start_without_what_the_door_needs(string option, string value, string reason)
    {
        using var folder = new TempFolder();

        string[] socket = option == "--coprocess-socket" ? [] : ["--coprocess-socket", folder["c"]];

        ToolRun run = await ToolRun.Of(Repository.Daemon, [folder["s"], "--foreground", "--data", folder["data"], .. socket, option, value]);

        run.ExitCode.Should().Be(2);
        run.Stderr.Should().Contain(reason);
    }

    [Fact]
    public async Task A_program_that_is_no_shell_is_an_error_and_programs_run_all_the_same()
    {
        await using CoprocessDaemon daemon = await CoprocessDaemon.Start("--coprocess-shell", "/bin/true");
        using var streams = new Streams();
        using var wire = new Wire(daemon.Socket);

        (await wire.Ask("EVAL :", streams.All)).Should().StartWith("ERROR ").And.Contain("/bin/true");
        (await wire.Ask("ARGV\0true\0", streams.All)).Should().Be("OK 0");
    }
}
