using Kuid.Jobd.Core.Access;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Doors;
using Kuid.TestKit;

namespace Kuid.Jobd.Tests.Doors;

public sealed class PeerCredentialsSpecs
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // Nobody that could be running the tests.
    private const uint Other = 4_000_000_000;

    [Theory]
    [InlineData("0600", false)]
    [InlineData("0640", false)]
    [InlineData("0644", false)]
    [InlineData("0660", true)]
    [InlineData("0620", true)]
    [InlineData("0606", true)]
    [InlineData("0602", true)]
    [InlineData("0666", true)]
    public void Another_user_may_use_a_socket_only_if_others_may_write_to_it(string mode, bool may) =>
        MayRun(new PeerCredentials(Other), (UnixFileMode)Convert.ToInt32(mode, 8)).Should().Be(may);

    [Fact]
    public void Root_the_own_user_and_TCP_peers_may_always()
    {
        MayRun(new PeerCredentials(0), Private).Should().BeTrue();
        MayRun(new PeerCredentials(LibcFiles.EffectiveUserId()), Private).Should().BeTrue();
        MayRun(new PeerCredentials(UserId: null), UnixFileMode.None).Should().BeTrue();
    }

    [Fact]
    public void A_peer_is_named_by_its_user_id_or_as_TCP()
    {
        new PeerCredentials(1000).Principal.Should().Be("uid:1000");
        new PeerCredentials(0).Principal.Should().Be("uid:0");
        new PeerCredentials(Other).Principal.Should().Be("uid:4000000000");
        new PeerCredentials(UserId: null).Principal.Should().Be("tcp:127.0.0.1");
    }

    [Fact]
    public async Task The_kernel_names_the_user_of_a_Unix_peer_and_none_of_a_TCP_peer()
    {
        using var folder = new TempFolder();
        foreach ((string address, uint? user) in new[] { (folder["s"], (uint?)LibcFiles.EffectiveUserId()), (TestDaemon.FreePort(), null) })
        {
            using var listening = ListeningSocket.Open(SocketAddress.Parse(address), Private, group: null);
            using SockprocClient client = await SockprocClient.Connect(address);
            SafeFd? connection = null;
            await Eventually.Holds(() => (connection = LibcSocket.Accept(listening.Fd)) is not null, "the connection is there");
            using (connection)
            {
                PeerCredentials.Of(connection!).UserId.Should().Be(user);
            }
        }
    }

    [Fact]
    public void What_is_no_socket_has_no_peer()
    {
        using SafeFd file = LibcFiles.OpenOwn("/dev/null", UnixFileMode.None);
        PeerCredentials peer = PeerCredentials.Of(file);
        (peer.UserId, peer.IsKnown, peer.Principal).Should().Be((null, false, "unknown"));
        MayRun(peer, (UnixFileMode)0b110_110_110).Should().BeFalse("who cannot be told may do nothing");
    }

    private static bool MayRun(PeerCredentials peer, UnixFileMode mode)
    {
        using SafeFd none = LibcFiles.OpenOwn("/dev/null", UnixFileMode.None);
        return new AccessGate(() => AccessList.Nobody, NoAuditLog.Instance).ScopesOf(peer.AsCaller(none, mode)).Allows(Scope.Run);
    }
}
