using System.Text.RegularExpressions;

namespace Kuid.Daemon.Tests;

/// <summary>Rows 100 and 102: who may connect to the Unix socket, from its first moment on.</summary>
public sealed partial class SocketPermissionSpecs
{
    private const string Nobody = "65534";

    [Theory]
    [InlineData("600", null)]
    [InlineData("600", "0600")]
    [InlineData("660", "660")]
    [InlineData("666", "0666")]
    public async Task Row_100_the_socket_has_the_mode_that_was_asked_for_whatever_the_umask_is(string mode, string? option)
    {
        foreach (string umask in (string[])["0", "077"])
        {
            await using TestDaemon daemon = await TestDaemon.Start(
                option is null ? [] : ["--socket-mode", option], wrapper: ["sh", "-c", $"umask {umask}; exec \"$@\"", "sh"]);

            (await Stat("%a", daemon.Address)).Should().Be(mode, "with umask {0}", umask);
            (await Stat("%a", daemon.Folder["data"])).Should().Be("700", "with umask {0}", umask);
        }
    }

    [Theory]
    [InlineData("0777")]
    [InlineData("u=rw")]
    [InlineData("0o600")]
    [InlineData("-1")]
    public async Task A_mode_that_is_no_octal_read_and_write_bits_is_refused(string mode)
    {
        await using var daemon = new DetachedDaemon();

        ToolRun run = await daemon.Launch([daemon.Folder["s"], "--data", daemon.Folder["data"], $"--socket-mode={mode}"]);

        run.Should().BeEquivalentTo(new ToolRun(
            2, [], $"kuid-jobd: --socket-mode \"{mode}\": allowed: octal read and write bits, 0600 to 0666\n"));
    }

    [Fact]
    public async Task The_socket_belongs_to_the_group_that_was_asked_for()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root may give a file to any group");
        await using TestDaemon daemon = await TestDaemon.Start(["--socket-mode", "0660", "--socket-group", "daemon"]);

        (await Stat("%U:%G %a", daemon.Address)).Should().Be("root:daemon 660");
    }

    [Fact]
    public async Task Row_100_the_mode_and_the_group_are_set_between_bind_and_listen()
    {
        Assert.SkipUnless(ToolRun.Exists("strace"), "strace is not on PATH");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root may give a file to any group");
        using var trace = new TempFolder();
        await using TestDaemon daemon = await TestDaemon.Start(
            ["--socket-mode", "0600", "--socket-group", "daemon", "--http-socket", "off"],
            wrapper: ["strace", "-f", "-qq", "-D", "-e", "trace=bind,chmod,fchmod,fchmodat,chown,fchown,fchownat,lchown,listen", "-o", trace["t"]]);

        string socket = daemon.Address;
        string[] calls = [.. (await File.ReadAllLinesAsync(trace["t"], TestContext.Current.CancellationToken))
            .Where(line => line.Contains($"\"{socket}\"", StringComparison.Ordinal) || line.Contains("listen(", StringComparison.Ordinal))
            .Select(line => CallName().Match(line).Groups["name"].Value)];

        calls.Should().Equal("bind", "chmod", "chown", "listen");
    }

    [Theory]
    [InlineData("0600", false)]
    [InlineData("0660", false)]
    [InlineData("0666", true)]
    public async Task Rows_100_and_102_another_user_is_served_only_by_a_socket_that_is_open_to_others(string mode, bool served)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root may become another user");
        Assert.SkipUnless(ToolRun.Exists("socat"), "socat is not on PATH");
        await using TestDaemon daemon = await TestDaemon.Start(["--socket-mode", mode]);
        File.SetUnixFileMode(daemon.Folder.Path, (UnixFileMode)0b111_001_001);

        ToolRun run = await ToolRun.Of(
            "setpriv",
            ["--reuid", Nobody, "--regid", Nobody, "--clear-groups", "socat", "-t", "30", "-", $"UNIX-CONNECT:{daemon.Address}"],
            SockprocClient.Request("echo ok"));

        if (served)
        {
            Reply.Parse(run.Stdout).Text.Should().Be("ok\n");
        }
        else
        {
            run.Text.Should().BeEmpty();
            run.Stderr.Should().Contain("Permission denied");
        }
    }

    [Fact]
    public async Task Row_102_a_member_of_the_sockets_group_is_served()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root may become another user");
        Assert.SkipUnless(ToolRun.Exists("socat"), "socat is not on PATH");
        await using TestDaemon daemon = await TestDaemon.Start(["--socket-mode", "0660", "--socket-group", "daemon"]);
        File.SetUnixFileMode(daemon.Folder.Path, (UnixFileMode)0b111_001_001);

        ToolRun run = await ToolRun.Of(
            "setpriv",
            ["--reuid", Nobody, "--regid", "daemon", "--clear-groups", "socat", "-t", "30", "-", $"UNIX-CONNECT:{daemon.Address}"],
            SockprocClient.Request("echo ok"));

        Reply.Parse(run.Stdout).Text.Should().Be("ok\n");
    }

    private static async Task<string> Stat(string format, string path) => (await ToolRun.Of("stat", ["-c", format, path])).Text.TrimEnd();

    // With -f each line begins with a pid.
    [GeneratedRegex(@"^\d+\s+(?<name>\w+)\(", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CallName();
}
