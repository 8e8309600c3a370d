using System.Net;
using System.Net.Sockets;
using System.Text;
using SocketAddress = Kuid.Jobd.Doors.SocketAddress;

namespace Kuid.Jobd.Tests.Doors;

public sealed class SocketAddressSpecs
{
    [Theory]
    [InlineData("1", 1)]
    [InlineData("8080", 8080)]
    [InlineData("08080", 8080)]
    [InlineData("65535", 65535)]
    public void All_digits_are_a_port_on_127_0_0_1(string text, int port)
    {
        var address = SocketAddress.Parse(text);
        address.Path.Should().BeNull();
        address.EndPoint.Should().Be(new IPEndPoint(IPAddress.Loopback, port));
        address.ToString().Should().Be($"127.0.0.1:{port}");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("00")]
    [InlineData("65536")]
    [InlineData("99999999999")]
    public void A_number_that_is_no_port_is_refused_with_what_is_allowed(string text) =>
        Parsing(text).Should().Throw<FormatException>().WithMessage("*1 to 65535*");

    [Theory]
    [InlineData("/run/kuid.sock")]
    [InlineData("/8080")]
    [InlineData("/with space/s")]
    public void An_absolute_path_stays_as_it_is(string text)
    {
        var address = SocketAddress.Parse(text);
        address.Path.Should().Be(text);
        address.EndPoint.Should().BeOfType<UnixDomainSocketEndPoint>();
        address.ToString().Should().Be(text);
    }

    [Theory]
    [InlineData("s.sock")]
    [InlineData("./8080")]
    [InlineData("8080x")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("\u0661\u0662")]
    public void Everything_else_is_a_path_and_a_relative_one_is_meant_from_here(string text) =>
        SocketAddress.Parse(text).Path.Should().Be(Path.GetFullPath(text)).And.StartWith("/");

    [Theory]
    [InlineData("")]
    [InlineData("/run/a\0b")]
    [InlineData("\0abstract")]
    public void Nothing_and_NUL_are_refused(string text) =>
        Parsing(text).Should().Throw<FormatException>().WithMessage("*a path, or all digits*");

    [Theory]
    [InlineData("/", "a")]
    [InlineData("/", "\u00e9")]
    [InlineData("/x", "\u20ac")]
    [InlineData("/xx", "\U0001f600")]
    public void A_path_has_at_most_107_bytes_not_characters(string start, string filler)
    {
        string path = start;
        while (Encoding.UTF8.GetByteCount(path + filler) <= 107)
        {
            path += filler;
        }

        path += new string('z', 107 - Encoding.UTF8.GetByteCount(path));
        Encoding.UTF8.GetByteCount(path).Should().Be(107);
        SocketAddress.Parse(path).Path.Should().Be(path);
        Parsing(path + "z").Should().Throw<FormatException>().WithMessage("*at most 107 bytes*108*");
    }

    [Fact]
    public void A_relative_path_is_measured_where_it_leads() =>
        Parsing(new string('a', 107)).Should().Throw<FormatException>("the folder comes in front of it").WithMessage("*107 bytes*");

    private static Func<SocketAddress> Parsing(string text) => () => SocketAddress.Parse(text);
}
