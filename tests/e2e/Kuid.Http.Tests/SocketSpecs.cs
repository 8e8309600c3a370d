using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Kuid.Http.Tests;

/// <summary>The sockets of the door: who may use them, what they look like, how they go.</summary>
public sealed class SocketSpecs
{
    [Fact]
    public async Task By_default_there_is_a_Unix_socket_for_the_owner_and_no_port()
    {
        await using HttpDaemon daemon = await HttpDaemon.Start(
            environment: new Dictionary<string, string?>(StringComparer.Ordinal) { ["ASPNETCORE_URLS"] = "http://127.0.0.1:0", ["URLS"] = "http://127.0.0.1:0" });
        File.GetUnixFileMode(daemon.SocketPath).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        ToolRun sockets = await ToolRun.Of("ss", ["-lntpH"]);
        sockets.Text.Split('\n').Should().NotContain(line => line.Contains($"pid={daemon.Daemon.Pid},", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stopped_daemon_leaves_no_socket_behind_and_the_next_one_begins_anew()
    {
        await using HttpDaemon daemon = await HttpDaemon.Start();
        (await daemon.Client.GetAsync("/healthz")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await daemon.Daemon.Stop()).Should().Be(0);
        File.Exists(daemon.SocketPath).Should().BeFalse();
    }

    [Fact]
    public async Task A_socket_that_another_has_put_in_its_place_stays()
    {
        await using HttpDaemon daemon = await HttpDaemon.Start();
        File.Delete(daemon.SocketPath);
        using var other = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        other.Bind(new UnixDomainSocketEndPoint(daemon.SocketPath));
        other.Listen();
        (await daemon.Daemon.Stop()).Should().Be(0);
        File.Exists(daemon.SocketPath).Should().BeTrue("it is not the daemon's");
    }

    [Fact]
    public async Task The_mode_is_there_before_anybody_can_connect()
    {
        using var folder = new TempFolder();
        Assert.SkipUnless(ToolRun.Exists("strace"), "strace is not installed");
        ToolRun probe = await ToolRun.Of("strace", ["-o", "/dev/null", "true"]);
        Assert.SkipUnless(probe.ExitCode == 0, "strace may not trace here");
        string trace = folder["trace"];
        await using (TestDaemon daemon = await TestDaemon.Start(wrapper: ["strace", "-f", "-D", "-o", trace, "-e", "trace=bind,chmod,listen,unlink"]))
        {
            await daemon.Stop();
        }

        string[] lines = await File.ReadAllLinesAsync(trace);
        int bound = Array.FindIndex(lines, line => line.Contains("bind(", StringComparison.Ordinal) && line.Contains("http.sock", StringComparison.Ordinal));
        int mode = Array.FindIndex(lines, line => line.Contains("chmod(", StringComparison.Ordinal) && line.Contains("http.sock", StringComparison.Ordinal) && line.Contains("0600", StringComparison.Ordinal));
        string descriptor = lines[bound].Split("bind(")[1].Split(',')[0];
        int listens = Array.FindIndex(lines, bound, line => line.Contains($"listen({descriptor},", StringComparison.Ordinal));
        bound.Should().BeGreaterThan(-1);
        mode.Should().BeInRange(bound + 1, listens - 1, "the mode is set between bind and listen");
    }

    [Theory]
    [InlineData("0.0.0.0:8080")]
    [InlineData("[::]:8080")]
    [InlineData("example.org:80")]
    public async Task Row_103_An_address_that_others_can_reach_is_refused_at_the_start(string address)
    {
        using var folder = new TempFolder();
        ToolRun run = await ToolRun.Of(Repository.Daemon, [folder["s"], "--foreground", "--data", folder["data"], "--http", address]);
        run.ExitCode.Should().Be(2);
        run.Stderr.Should().Contain("--http").And.Contain("TLS");
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]")]
    public async Task Row_103_Of_all_addresses_only_those_that_were_asked_for_listen(string host)
    {
        Assert.SkipUnless(ToolRun.Exists("ss"), "ss is not on PATH");
        Assert.SkipUnless(host != "[::1]" || Socket.OSSupportsIPv6, "there is no IPv6 here");
        string http = $"{host}:{TestDaemon.FreePort()}", services = $"{host}:{TestDaemon.FreePort()}";
        await using TestDaemon daemon = await TestDaemon.Start(["--http", http, "--services", services], tcp: true);

        ToolRun sockets = await ToolRun.Of("ss", ["-lntpH"]);

        sockets.Text.Split('\n')
            .Where(line => line.Contains($"pid={daemon.Pid},", StringComparison.Ordinal))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3])
            .Should().BeEquivalentTo($"127.0.0.1:{daemon.Address}", http, services);
    }

    [Fact]
    public async Task Both_doors_of_HTTP_can_be_closed()
    {
        await using TestDaemon daemon = await TestDaemon.Start(["--http-socket", "off"]);
        File.Exists(daemon.Folder["data/http.sock"]).Should().BeFalse();
        File.Exists(daemon.Folder["data/token"]).Should().BeFalse();
        (await daemon.Answers(TimeSpan.FromSeconds(20))).Should().BeTrue();
    }

    [Fact]
    public async Task Another_user_is_refused_whatever_the_permissions_say()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can be another user");
        await using HttpDaemon daemon = await HttpDaemon.Start();
        await ToolRun.Of("chmod", ["0755", daemon.Daemon.Folder.Path, daemon.Daemon.Folder["data"]]);
        await ToolRun.Of("chmod", ["0666", daemon.SocketPath]);
        string mark = daemon.Daemon.Folder["mark"];
        ToolRun run = await ToolRun.Of(
            "setpriv",
            [
                "--reuid=65534", "--regid=65534", "--clear-groups", "curl", "-sS", "--unix-socket", daemon.SocketPath, "-w", "\n%{http_code}",
                "-H", "Content-Type: application/json", "-H", "Authorization: Bearer " + daemon.Token, "-d", Requests.Shell("touch " + mark), "http://localhost/v1/exec",
            ]);
        run.Text.Should().EndWith("\n403").And.Contain("\"forbidden\"");
        File.Exists(mark).Should().BeFalse();
    }

    [Fact]
    public async Task Row_110_Headers_that_are_too_many_or_too_long_are_refused()
    {
        await using HttpDaemon daemon = await HttpDaemon.Start();
        string many = string.Concat(Enumerable.Range(0, 101).Select(i => $"X-{i.ToString(CultureInfo.InvariantCulture)}: 1\r\n"));
        foreach ((string request, string status) in ((string, string)[])
            [
                ($"GET /healthz HTTP/1.1\r\nHost: localhost\r\n{many}\r\n", "431"),
                ($"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: {new string('a', 33_000)}\r\n\r\n", "431"),
                ($"GET /{new string('a', 9000)} HTTP/1.1\r\nHost: localhost\r\n\r\n", "414"),
            ])
        {
            using SockprocClient client = await SockprocClient.Connect(daemon.SocketPath);
            await client.Send(request);
            byte[] answer = new byte[12];
            await client.Socket.ReceiveAsync(answer);
            System.Text.Encoding.ASCII.GetString(answer).Should().Be("HTTP/1.1 " + status);
        }
    }
}
