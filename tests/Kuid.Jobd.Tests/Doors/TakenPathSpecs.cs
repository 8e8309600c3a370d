using System.Net.Sockets;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Doors;
using Kuid.TestKit;
using SocketAddress = Kuid.Jobd.Doors.SocketAddress;

namespace Kuid.Jobd.Tests.Doors;

/// <summary>What stands at the socket's path already: only what a killed daemon left makes way.</summary>
public sealed class TakenPathSpecs : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TempFolder _folder = new();

    private string Path => _folder["s"];

    [Fact]
    public async Task A_socket_that_nobody_listens_on_is_replaced()
    {
        using (SafeFd left = Bind())
        {
            LibcSocket.Listen(left, 1);

            // A process that another test starts right now has a copy until it executes its program, and would listen on.
            LibcSocket.Shutdown(left);
        }

        FileIdentity stale = LibcFiles.Identify(Path)!.Value;
        File.WriteAllText(Path + ".lock", string.Empty);
        using ListeningSocket socket = Open();
        LibcFiles.Identify(Path).Should().NotBe(stale);
        using SockprocClient client = await SockprocClient.Connect(Path);
        client.Socket.Connected.Should().BeTrue();
    }

    [Fact]
    public void A_regular_file_is_left_as_it_is()
    {
        File.WriteAllText(Path, "precious");
        Refusal(ExitCode.Usage).Should().Contain(Path).And.Contain("not a socket");
        File.ReadAllText(Path).Should().Be("precious");
    }

    [Fact]
    public void A_folder_is_left_as_it_is()
    {
        Directory.CreateDirectory(System.IO.Path.Combine(Path, "inside"));
        Refusal(ExitCode.Usage).Should().Contain("not a socket");
        Directory.Exists(System.IO.Path.Combine(Path, "inside")).Should().BeTrue();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_symbolic_link_is_left_as_it_is_even_one_to_a_stale_socket_or_to_nothing(bool dangling)
    {
        string target = _folder["target"];
        if (!dangling)
        {
            LibcSocket.Bind(new UnixDomainSocketEndPoint(target)).Dispose();
        }

        File.CreateSymbolicLink(Path, target);
        Refusal(ExitCode.Usage).Should().Contain("not a socket");
        new FileInfo(Path).LinkTarget.Should().Be(target);
        File.Exists(target).Should().Be(!dangling);
    }

    [Fact]
    public async Task A_socket_that_another_program_answers_on_is_left_to_it()
    {
        using SafeFd live = Bind();
        LibcSocket.Listen(live, 1);
        Refusal(ExitCode.AlreadyRunning).Should().Contain("another daemon answers");
        using SockprocClient client = await SockprocClient.Connect(Path);
        client.Socket.Connected.Should().BeTrue("it is still the other's");
    }

    [Fact]
    public void A_socket_whose_owner_is_too_busy_to_answer_is_left_to_it()
    {
        using SafeFd live = Bind();
        LibcSocket.Listen(live, 0);
        var waiting = new List<Socket>();
        try
        {
            // Connect until the backlog is full; then the next one would block.
            while (ConnectsWithoutWaiting(waiting))
            {
            }

            Refusal(ExitCode.AlreadyRunning).Should().Contain("another daemon answers");
            File.Exists(Path).Should().BeTrue();
        }
        finally
        {
            waiting.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public void A_socket_that_another_kuid_jobd_holds_is_left_to_it()
    {
        using ListeningSocket first = Open();
        FileIdentity own = LibcFiles.Identify(Path)!.Value;
        FluentActions.Invoking(Open).Should().Throw<StartException>()
            .WithMessage("*another kuid-jobd has this socket*").Which.ExitCode.Should().Be(ExitCode.AlreadyRunning);
        LibcFiles.Identify(Path).Should().Be(own);
    }

    [Fact]
    public void A_socket_of_another_type_is_left_as_it_is()
    {
        using var datagrams = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        datagrams.Bind(new UnixDomainSocketEndPoint(Path));
        Refusal(ExitCode.System).Should().Contain("connect to");
        File.Exists(Path).Should().BeTrue();
    }

    [Fact]
    public async Task A_socket_of_another_user_is_left_as_it_is()
    {
        Assert.SkipUnless(LibcFiles.EffectiveUserId() == 0, "only root can make a socket of another user");
        Bind().Dispose();
        (await ToolRun.Of("chown", ["65534", Path])).ExitCode.Should().Be(0);
        Refusal(ExitCode.AlreadyRunning).Should().Contain("65534");
        File.Exists(Path).Should().BeTrue();
    }

    public void Dispose() => _folder.Dispose();

    private SafeFd Bind() => LibcSocket.Bind(new UnixDomainSocketEndPoint(Path));

    private ListeningSocket Open() => ListeningSocket.Open(SocketAddress.Parse(Path), Private, group: null);

    private string Refusal(int exitCode)
    {
        StartException refusal = FluentActions.Invoking(Open).Should().Throw<StartException>().Which;
        refusal.ExitCode.Should().Be(exitCode);
        File.Exists(Path + ".lock").Should().BeFalse("a refused start lets go of the path");
        return refusal.Message;
    }

    private bool ConnectsWithoutWaiting(List<Socket> waiting)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        waiting.Add(socket);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(Path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
