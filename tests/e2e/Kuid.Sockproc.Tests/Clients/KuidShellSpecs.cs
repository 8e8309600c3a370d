using System.Net;

namespace Kuid.Sockproc.Tests.Clients;

// clients/lua in nginx.
public sealed class KuidShellSpecs
{
    private readonly Doors _doors;

    public KuidShellSpecs(Doors doors)
    {
        NginxServer.SkipUnlessInstalled();
        _doors = doors;
    }

    [Fact]
    public async Task The_example_configuration_serves_the_output_of_a_command()
    {
        await using NginxServer nginx = await OnPath();

        string uname = (await ToolRun.Of("uname", ["-a"])).Text;
        (await nginx.Uname()).Should().Be(uname);
    }

    [Fact]
    public async Task Five_megabytes_pass_in_both_directions()
    {
        await using NginxServer nginx = await OnPath();
        byte[] data = new byte[5_000_000];
        new Random(5).NextBytes(data);

        (await nginx.Echo(data)).AsSpan().SequenceEqual(data).Should().BeTrue();
    }

    [Theory]
    [InlineData("true", "status: 0\ncode: 0\nsignal: nil\nstdout: nil\nstderr: nil\n")]
    [InlineData("exit 3", "status: 768\ncode: 3\nsignal: nil\nstdout: nil\nstderr: nil\n")]
    [InlineData("echo a; echo b >&2; exit 255", "status: 65280\ncode: 255\nsignal: nil\nstdout: a\n\nstderr: b\n\n")]
    [InlineData("kill -9 $$", "status: 9\ncode: nil\nsignal: 9\nstdout: nil\nstderr: nil\n")]
    [InlineData("echo one\necho two", "status: 0\ncode: 0\nsignal: nil\nstdout: one\ntwo\n\nstderr: nil\n")]
    public async Task Status_code_and_signal_are_told_apart(string command, string expected)
    {
        await using NginxServer nginx = await OnPath();

        (await nginx.Status(command)).Should().Be(expected);
    }

    [Fact]
    public async Task The_daemon_s_refusal_is_an_error_with_its_reason()
    {
        await using NginxServer nginx = await OnPath();

        string said = await nginx.Status("GET / HTTP/1.1");

        said.Should().StartWith("status: -1\ncode: nil\nsignal: nil\nstdout: nil\nstderr: kuid-jobd: this looks like an HTTP request");
    }

    [Theory]
    [InlineData("touch lua-ran\r\n0\r\n", "CR LF")]
    [InlineData("touch lua-ran\0", "NUL byte")]
    public async Task What_would_end_a_command_early_is_refused_before_it_is_sent(string command, string reason)
    {
        await using NginxServer nginx = await OnPath();

        (await nginx.Status(command)).Should().StartWith("status: -1\n").And.Contain(reason);
        File.Exists(_doors.Unix.Folder["lua-ran"]).Should().BeFalse();
    }

    [Fact]
    public async Task A_dead_socket_is_no_connection()
    {
        using var folder = new TempFolder();
        await using NginxServer nginx = await NginxServer.Start($"unix:{folder["nobody"]}");

        (await nginx.Status("true")).Should().StartWith("status: -2\n").And.Contain("cannot connect to unix:");
        (await nginx.UnameStatus()).Should().Be(HttpStatusCode.BadGateway);
    }

    [Fact]
    public async Task A_TCP_port_serves_as_a_path_does()
    {
        await using NginxServer nginx = await NginxServer.Start(string.Empty, change: configuration => configuration.Replace(
            "socket = \"\"", $"socket = {{ host = \"127.0.0.1\", port = {_doors.Tcp.Address} }}", StringComparison.Ordinal));

        (await nginx.Status("exit 7")).Should().StartWith("status: 1792\ncode: 7\n");
    }

    private Task<NginxServer> OnPath() => NginxServer.Start($"unix:{_doors.Unix.Address}");
}
