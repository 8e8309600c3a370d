using System.Net;
using System.Net.Sockets;

namespace Kuid.Daemon.Tests;

/// <summary>Row 14: a start that cannot succeed says why in one line, and leaves nothing behind that was not there before.</summary>
public sealed class StartFailureSpecs
{
    private const int Usage = 2;
    private const int AlreadyRunning = 100;
    private const int SystemRefused = 111;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Row_14_a_port_in_use_is_one_clear_line(bool foreground)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        int port = ((IPEndPoint)other.LocalEndpoint).Port;

        await Fails(daemon => [$"{port}", "pid", "--data", daemon.Folder["data"]], foreground, SystemRefused, $"bind 127.0.0.1:{port}: EADDRINUSE (Address already in use)");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Row_14_an_unwritable_pidfile_is_one_clear_line(bool foreground) =>
        await Fails(daemon => [daemon.Folder["s"], "no/pid", "--data", daemon.Folder["data"]], foreground, SystemRefused, "pidfile */no/pid:*");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Row_14_a_bad_value_in_the_configuration_is_quoted_with_its_key(bool foreground) =>
        await Fails(
            daemon =>
            {
                File.WriteAllText(daemon.Folder["c"], "grace = soon\n");
                return [daemon.Folder["s"], "--data", daemon.Folder["data"], "--config", "c"];
            },
            foreground,
            Usage,
            "*/c: grace \"soon\": allowed: seconds*");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Row_14_an_unknown_key_in_the_configuration_is_quoted(bool foreground) =>
        await Fails(
            daemon =>
            {
                File.WriteAllText(daemon.Folder["c"], "[sockproc]\ndrian-seconds = 3\n");
                return [daemon.Folder["s"], "--data", daemon.Folder["data"], "--config", "c"];
            },
            foreground,
            Usage,
            "*/c: unknown key \"*drian-seconds\"*");

    [Theory]
    [InlineData("[isolation\n", "*/c:2: \"[isolation\" is neither [section] nor key = value")]
    [InlineData("grace = 4\n", "*/c:2: \"grace\" was set in line 1 already")]
    public async Task A_line_of_the_configuration_that_is_none_is_told_with_its_number(string second, string line) =>
        await Fails(
            daemon =>
            {
                File.WriteAllText(daemon.Folder["c"], "grace = 3\n" + second);
                return [daemon.Folder["s"], "--data", daemon.Folder["data"], "--config", "c"];
            },
            foreground: false,
            Usage,
            line);

    [Theory]
    [InlineData("--http-socket")]
    [InlineData("--services")]
    [InlineData("--coprocess-socket")]
    public async Task Two_doors_with_one_address_are_named(string option) =>
        await Fails(
            daemon => [daemon.Folder["s"], "--data", daemon.Folder["data"], option, daemon.Folder["s"]],
            foreground: false,
            Usage,
            $"{option}: */s is what ADDRESS is too; each socket needs an address of its own");

    [Fact]
    public async Task A_socket_in_a_folder_that_is_not_there_is_one_clear_line() =>
        await Fails(daemon => [daemon.Folder["no/s"], "--data", daemon.Folder["data"]], foreground: false, SystemRefused, "*/no/s: there is no folder */no");

    [Fact]
    public async Task A_folder_for_strict_jobs_that_is_not_there_is_one_clear_line() =>
        await Fails(
            daemon => [daemon.Folder["s"], "--data", daemon.Folder["data"], "--isolation-writable", daemon.Folder["no"]],
            foreground: false,
            Usage,
            "isolation-writable */no: there is no such folder");

    [Fact]
    public async Task A_configuration_file_that_is_not_there_is_one_clear_line() =>
        await Fails(daemon => [daemon.Folder["s"], "--data", daemon.Folder["data"], "--config", "c"], foreground: false, Usage, "--config */c: *");

    [Fact]
    public async Task A_data_folder_that_is_a_file_is_one_clear_line() =>
        await Fails(
            daemon =>
            {
                File.WriteAllText(daemon.Folder["f"], "precious");
                return [daemon.Folder["s"], "--data", daemon.Folder["f"]];
            },
            foreground: false,
            SystemRefused,
            "data folder */f:*");

    [Fact]
    public async Task A_data_folder_in_use_is_one_clear_line()
    {
        await using TestDaemon first = await TestDaemon.Start();

        await Fails(
            daemon => [daemon.Folder["s"], "--data", first.Folder["data"]], foreground: false, AlreadyRunning, "*another kuid-jobd uses this data folder*");

        (await first.Run("echo up")).Text.Should().Be("up\n");
    }

    [Fact]
    public async Task No_address_is_one_clear_line() =>
        await Fails(daemon => ["--data", daemon.Folder["data"]], foreground: true, Usage, "no ADDRESS*");

    [Fact]
    public async Task An_unknown_group_is_one_clear_line() =>
        await Fails(
            daemon => [daemon.Folder["s"], "--data", daemon.Folder["data"], "--socket-group", "no-such-group"],
            foreground: false,
            Usage,
            "--socket-group no-such-group: there is no such group");

    private static async Task Fails(Func<DetachedDaemon, string[]> words, bool foreground, int code, string line)
    {
        await using var daemon = new DetachedDaemon();
        string[] arguments = words(daemon);
        string[] before = Entries(daemon);

        ToolRun run = await daemon.Launch([.. arguments, .. (string[])(foreground ? ["--foreground"] : [])]);

        run.ExitCode.Should().Be(code, "of {0}", run.Stderr);
        run.Text.Should().BeEmpty();
        run.Stderr.Should().Match($"kuid-jobd: {line}\n").And.NotContain("   at ", "a stack trace is not a clear line");
        run.Stderr.TrimEnd().Should().NotContain("\n");
        daemon.Processes.Should().BeEmpty();
        Entries(daemon).Should().Equal(before);
        File.Exists(Path.Combine(daemon.Folder["data"], "lock")).Should().BeFalse();
    }

    // The data folder may have been made; a socket, a lock or a pidfile may not.
    private static string[] Entries(DetachedDaemon daemon) =>
        [.. Directory.GetFileSystemEntries(daemon.Folder.Path).Where(entry => entry != daemon.Folder["data"]).Order(StringComparer.Ordinal)];
}
