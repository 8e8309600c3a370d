using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Kuid.Sysreqd.Tests.Sockets;

public sealed class LoopbackSpecs
{
    [Fact]
    public async Task The_port_is_open_on_the_loopback_address_and_no_other()
    {
        Assert.SkipUnless(ToolRun.Exists("ss"), "ss is not installed");
        await using Server server = await Server.StartOnPort();
        int port = ((IPEndPoint)server.EndPoint).Port;

        ToolRun listeners = await ToolRun.Of("ss", ["-Hltn", $"sport = :{port}"]);

        listeners.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3])
            .Should().BeSubsetOf([$"127.0.0.1:{port}", $"[::1]:{port}"]).And.Contain($"127.0.0.1:{port}");
    }

    [Fact]
    public async Task It_is_served_over_IPv4_and_over_IPv6()
    {
        await using Server server = await Server.StartOnPort();
        using Connection four = server.Connect();
        four.ServingPid().Should().BePositive();

        Assert.SkipUnless(HasIPv6Loopback(), "this machine has no ::1");
        using var six = new Connection(new IPEndPoint(IPAddress.IPv6Loopback, ((IPEndPoint)server.EndPoint).Port), server.Abi);
        six.ServingPid().Should().BePositive().And.NotBe(four.ServingPid());
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told()
    {
        await using Server server = await Server.StartOnPort();
        int port = ((IPEndPoint)server.EndPoint).Port;

        ToolRun second = await ToolRun.Of(Server.Program, [port.ToString(CultureInfo.InvariantCulture)]);

        second.ExitCode.Should().Be(1);
        second.Stderr.Should().Be("kuid-sysreqd: bind: errno 98\n");
    }

    [Fact]
    public async Task Root_is_told_who_becomes_root()
    {
        await using Server server = await Server.StartOnPort();
        await server.Signal("TERM");

        (int exitCode, string stderr) = await server.End();

        exitCode.Should().Be(0);
        stderr.Should().Be(Environment.IsPrivilegedProcess
            ? "kuid-sysreqd: runs as root: WHOEVER REACHES THIS PORT IS ROOT\n"
            : string.Empty);
    }

    [Fact]
    public async Task A_restart_needs_not_wait_for_old_connections()
    {
        await using Server first = await Server.StartOnPort();
        using (Connection connection = first.Connect())
        {
            connection.Send(Connection.Request(first.Abi.Exit));
            connection.IsAtEnd().Should().BeTrue();
        }

        await first.Signal("TERM");
        await first.End();

        int port = ((IPEndPoint)first.EndPoint).Port;
        await using Server second = await Server.StartOn(
            port.ToString(CultureInfo.InvariantCulture), first.EndPoint, new TempFolder());
        using Connection again = second.Connect();
        again.ServingPid().Should().BePositive();
    }

    private static bool HasIPv6Loopback()
    {
        try
        {
            using var listener = new TcpListener(IPAddress.IPv6Loopback, 0);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
