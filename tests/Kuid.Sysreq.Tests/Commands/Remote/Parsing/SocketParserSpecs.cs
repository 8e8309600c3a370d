using System.Net;
using System.Text;
using Kuid.Sysreq.Pipeline.Commands.Remote.Parsing;

namespace Kuid.Sysreq.Tests.Commands.Remote.Parsing;

/// <summary>The tables of sockets below /proc/net.</summary>
public sealed class SocketParserSpecs
{
    private const string Tcp =
        "   0: 0100007F:0CEA 0A01A8C0:C001 01 00000010:00000002 00:00000000 00000000   999        0 21634 1 0000000000000000 100 0 0 10 0";

    private const string Tcp6 =
        "   1: 00000000000000000000000001000000:0016 B80D0120000000000000000001000000:01BB 06 00000000:00000000 03:00000E74 00000000     0        0 7 3";

    [Fact]
    public void The_heading_is_no_socket() => Parsed.Lines(
        Encoding.UTF8.GetBytes("  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n" + Tcp + "\n"),
        InternetSocket.Parse,
        headers: 1).Should().ContainSingle().Which.Problem.Should().BeNull();

    [Fact]
    public void Addresses_of_four_bytes_are_decoded() => Parse(Tcp).Entry.Should().Be(new InternetSocket(
        IPEndPoint.Parse("127.0.0.1:3306"), IPEndPoint.Parse("192.168.1.10:49153"), State: 1, SendQueue: 16, ReceiveQueue: 2, UserId: 999, Inode: 21634));

    [Fact]
    public void Addresses_of_sixteen_bytes_are_decoded()
    {
        var socket = Parse(Tcp6).Entry!;

        socket.Local.Should().Be(IPEndPoint.Parse("[::1]:22"));
        socket.Remote.Should().Be(IPEndPoint.Parse("[2001:db8::1]:443"));
        InternetSocket.States[socket.State].Should().Be("time_wait");
    }

    [Theory]
    [InlineData("0:", "there are no two addresses")]
    [InlineData("0: 0100007F:0CEA", "there are no two addresses")]
    [InlineData("0: 0100007F 00000000:0000 0A", "an address is malformed")]
    [InlineData("0: 0100007:0CEA 00000000:0000 0A", "an address is malformed")]
    [InlineData("0: 0100007F:10000 00000000:0000 0A", "an address is malformed")]
    [InlineData("0: 0100007G:0CEA 00000000:0000 0A", "an address is malformed")]
    [InlineData("0: 0100007F:0CEA 00000000:0000 0D", "the state is none that there is")]
    [InlineData("0: 0100007F:0CEA 00000000:0000 0A 0:0", "the queues are malformed")]
    [InlineData("0: 0100007F:0CEA 00000000:0000 0A 00000000:00000000 00:0 0 me 0 1", "there is no user or no inode")]
    public void A_line_that_makes_no_sense_is_said(string line, string problem) => Parse(line).Problem.Should().StartWith(problem);

    [Theory]
    [InlineData("0000: 00000002 00000000 00010000 0001 01 21601 /run/x.sock", 1, "listen", 21601, "/run/x.sock")]
    [InlineData("0000: 00000003 00000000 00000000 0001 03 7", 1, "established", 7, "")]
    [InlineData("0000: 00000002 00000000 00000000 0002 01 8 @/tmp/a b", 2, "close", 8, "@/tmp/a b")]
    [InlineData("0000: 00000002 00000000 00000000 0005 02 9 ", 5, "connecting", 9, "")]
    public void A_unix_socket_has_its_type_state_inode_and_path(string line, int type, string state, long inode, string path) =>
        UnixSocket.Parse(Encoding.UTF8.GetBytes(line)).Entry.Should().Be(new UnixSocket(type, state, inode, path));

    [Theory]
    [InlineData("Num", "there are no flags")]
    [InlineData("0: 2 0 flags", "there are no flags")]
    [InlineData("0: 2 0 0 0001", "there is no type or no state")]
    [InlineData("0: 2 0 0 0001 01 inode", "there is no inode")]
    public void A_unix_socket_that_makes_no_sense_is_said(string line, string problem) =>
        UnixSocket.Parse(Encoding.UTF8.GetBytes(line)).Problem.Should().Be($"{problem}: \"{line}\"");

    private static Parsed<InternetSocket> Parse(string line) => InternetSocket.Parse(Encoding.UTF8.GetBytes(line));
}
