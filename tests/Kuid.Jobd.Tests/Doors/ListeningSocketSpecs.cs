using System.Net.Sockets;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Doors;
using Kuid.TestKit;
using SocketAddress = Kuid.Jobd.Doors.SocketAddress;

namespace Kuid.Jobd.Tests.Doors;

public sealed class ListeningSocketSpecs : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TempFolder _folder = new();

    private string Socket => _folder["s"];

    [Theory]
    [InlineData("0600")]
    [InlineData("0660")]
    [InlineData("0666")]
    [InlineData("0640")]
    public void The_mode_is_in_force_whatever_the_umask(string octal)
    {
        var mode = (UnixFileMode)Convert.ToInt32(octal, 8);
        using ListeningSocket socket = Open(mode);
        File.GetUnixFileMode(Socket).Should().Be(mode);
        socket.Mode.Should().Be(mode);
        socket.Name.Should().Be(Socket);
    }

    [Fact]
    public async Task It_accepts_connections_and_its_path_goes_with_it()
    {
        using (ListeningSocket socket = Open())
        {
            using SockprocClient client = await SockprocClient.Connect(Socket);
            SafeFd? connection = null;
            await Eventually.Holds(() => (connection = LibcSocket.Accept(socket.Fd)) is not null, "the connection is there");
            connection!.Dispose();
        }

        Directory.EnumerateFileSystemEntries(_folder.Path).Should().BeEmpty("neither socket nor lock stays");
    }

    [Fact]
    public async Task The_group_is_in_force()
    {
        string? other = LibcFiles.EffectiveUserId() == 0 && LibcAccounts.GroupId("daemon") is not null ? "daemon" : null;
        Assert.SkipWhen(other is null, "only root may give a file to a group of its choice, and the group daemon must exist");
        using ListeningSocket socket = ListeningSocket.Open(SocketAddress.Parse(Socket), UnixFileMode.GroupWrite | Private, other);
        (await ToolRun.Of("stat", ["-c", "%G %a", Socket])).Text.Trim().Should().Be("daemon 620");
    }

    [Fact]
    public void An_unknown_group_is_refused_by_its_name_and_nothing_is_made()
    {
        Func<ListeningSocket> open = () => ListeningSocket.Open(SocketAddress.Parse(Socket), Private, "no-such-group");
        open.Should().Throw<StartException>().WithMessage("*--socket-group no-such-group*").Which.ExitCode.Should().Be(ExitCode.Usage);
        Directory.EnumerateFileSystemEntries(_folder.Path).Should().BeEmpty();
    }

    [Fact]
    public async Task A_group_that_may_not_have_it_is_refused_and_no_socket_is_left()
    {
        // Root may give it to every group, so there the daemon is run as a user who may not.
        string[] asNobody = LibcFiles.EffectiveUserId() == 0 ? ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"] : ["env"];
        Directory.CreateDirectory(_folder["open"]);
        File.SetUnixFileMode(_folder["open"], (UnixFileMode)0b111_111_111);
        File.SetUnixFileMode(_folder.Path, (UnixFileMode)0b111_101_101);
        ToolRun look = await ToolRun.Of(asNobody[0], [.. asNobody[1..], "test", "-x", Repository.Daemon]);
        Assert.SkipUnless(look.ExitCode == 0, "nobody may not execute the daemon where the repository is");

        ToolRun run = await ToolRun.Of(asNobody[0],
        [
            .. asNobody[1..], Repository.Daemon, _folder["open/s"], "--foreground", "--socket-group", "root", "--data", _folder["open/data"],
        ]);
        run.ExitCode.Should().Be(ExitCode.System);
        run.Stderr.Should().Contain("EPERM");
        Directory.EnumerateFileSystemEntries(_folder["open"]).Should().Equal(_folder["open/data"]);
    }

    [Fact]
    public async Task A_path_of_107_bytes_works()
    {
        string path = _folder[new string('x', 107 - _folder["x"].Length + 1)];
        path.Should().HaveLength(107);
        using var socket = ListeningSocket.Open(SocketAddress.Parse(path), Private, group: null);
        using SockprocClient client = await SockprocClient.Connect(path);
        client.Socket.Connected.Should().BeTrue();
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named() =>
        FluentActions.Invoking(() => ListeningSocket.Open(SocketAddress.Parse(_folder["no/s"]), Private, group: null))
            .Should().Throw<StartException>().WithMessage($"*there is no folder {_folder["no"]}").Which.ExitCode.Should().Be(ExitCode.System);

    [Fact]
    public void Its_path_stays_when_another_has_taken_its_place()
    {
        ListeningSocket socket = Open();
        File.Delete(Socket);
        File.WriteAllText(Socket, "somebody else's");
        socket.Dispose();
        File.ReadAllText(Socket).Should().Be("somebody else's");
    }

    [Fact]
    public void Once_its_path_is_removed_another_may_come_and_keep_it()
    {
        using ListeningSocket first = Open();
        first.RemovePath();
        File.Exists(Socket).Should().BeFalse();
        File.WriteAllText(Socket, "another's");
        first.RemovePath();
        File.Exists(Socket).Should().BeTrue();
    }

    [Fact]
    public async Task Newcomers_are_refused_while_those_who_wait_can_still_be_accepted()
    {
        using ListeningSocket socket = Open();
        string other = _folder["hard link"];
        (await ToolRun.Of("ln", [Socket, other])).ExitCode.Should().Be(0);
        using SockprocClient waiting = await SockprocClient.Connect(Socket);

        socket.RefuseNewcomers();

        // By the other name, as one who has looked the path up before it was removed.
        Func<Task> late = () => SockprocClient.Connect(other);
        (await late.Should().ThrowAsync<SocketException>()).Which.SocketErrorCode.Should().Be(SocketError.ConnectionRefused);
        File.Exists(Socket).Should().BeFalse();
        using SafeFd? accepted = LibcSocket.Accept(socket.Fd);
        accepted.Should().NotBeNull();
        LibcSocket.Accept(socket.Fd).Should().BeNull("nobody else waits");
    }

    [Fact]
    public async Task A_TCP_socket_listens_on_127_0_0_1_alone_and_a_port_in_use_is_refused()
    {
        string port = TestDaemon.FreePort();
        using var socket = ListeningSocket.Open(SocketAddress.Parse(port), Private, group: null);
        socket.Name.Should().Be("127.0.0.1:" + port);
        socket.Mode.Should().HaveFlag(UnixFileMode.OtherWrite, "TCP keeps no user out");
        using (SockprocClient client = await SockprocClient.Connect(port))
        {
            ((System.Net.IPEndPoint)client.Socket.RemoteEndPoint!).Address.Should().Be(System.Net.IPAddress.Loopback);
        }

        using var elsewhere = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Func<Task> connect = () => elsewhere.ConnectAsync("127.0.0.2", int.Parse(port, null));
        (await connect.Should().ThrowAsync<SocketException>()).Which.SocketErrorCode.Should().Be(SocketError.ConnectionRefused);

        FluentActions.Invoking(() => ListeningSocket.Open(SocketAddress.Parse(port), Private, group: null))
            .Should().Throw<StartException>().WithMessage("*EADDRINUSE*").Which.ExitCode.Should().Be(ExitCode.System);
    }

    public void Dispose() => _folder.Dispose();

    private ListeningSocket Open(UnixFileMode mode = Private) => ListeningSocket.Open(SocketAddress.Parse(Socket), mode, group: null);
}
