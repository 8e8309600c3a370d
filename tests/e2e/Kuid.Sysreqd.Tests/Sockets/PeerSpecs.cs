using System.Net.Sockets;

namespace Kuid.Sysreqd.Tests.Sockets;

// Whose connections are served, when the mode of the socket has been opened up for everybody.
public sealed class PeerSpecs
{
    private static readonly string[] AsNobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];

    private const UnixFileMode Everything = (UnixFileMode)0x1ff;

    [Fact]
    public async Task Another_user_gets_no_banner()
    {
        SkipUnlessRoot();
        await using Server server = await Server.Start();
        File.SetUnixFileMode(server.Folder.Path, Everything);
        File.SetUnixFileMode(server.Path, Everything);

        ToolRun nobody = await ToolRun.Of(
            AsNobody[0], [.. AsNobody[1..], "socat", "-u", $"UNIX-CONNECT:{server.Path}", "-"]);
        ToolRun root = await ToolRun.Of("socat", ["-", $"UNIX-CONNECT:{server.Path}"]);

        nobody.Text.Should().BeEmpty();
        nobody.ExitCode.Should().Be(0, $"it could connect: {nobody.Stderr}");
        root.Text.Should().StartWith("kuid-sysreq");
        await Eventually.Holds(() => server.Children.Count == Server.PoolSize, "the pool waits as before");
    }

    [Fact]
    public async Task Root_is_served_by_another_users_server()
    {
        SkipUnlessRoot();
        using var folder = new TempFolder();
        File.SetUnixFileMode(folder.Path, Everything);
        string program = folder["kuid-sysreqd"];
        File.Copy(Server.Program, program);

        await using Server server = await Server.StartOn(
            folder["s"], new UnixDomainSocketEndPoint(folder["s"]), folder, AsNobody, program);
        using Connection connection = server.Connect();

        connection.ServingPid().Should().BePositive();
    }

    private static void SkipUnlessRoot()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can become another user");
        Assert.SkipUnless(ToolRun.Exists("setpriv") && ToolRun.Exists("socat"), "setpriv or socat is not installed");
    }
}
