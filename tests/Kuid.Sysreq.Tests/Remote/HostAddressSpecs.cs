using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Tests.Remote;

public sealed class HostAddressSpecs
{
    [Theory]
    [InlineData("local")]
    [InlineData("unix:/run/kuid/sysreq.sock")]
    [InlineData("unix:relative/with blanks")]
    [InlineData("tcp:localhost:32000")]
    [InlineData("tcp:[::1]:32000")]
    [InlineData("tls:host.example:443")]
    [InlineData("tls:host.example:443?cert=/etc/c.pem&key=/etc/k.pem&ca=/etc/ca.pem")]
    [InlineData("tls:host.example:443?cert=/with%20blank&pin=/a%26b")]
    [InlineData("exec:ssh host kuid-sysreqd -")]
    [InlineData("exec:sh -c 'exec kuid-sysreqd - 2>/dev/null' ''")]
    public void An_address_prints_as_it_was_read(string text)
    {
        var address = HostAddress.Parse(text);

        address.ToString().Should().Be(text);
        HostAddress.Parse(address.ToString()!).Should().Be(address);
    }

    [Fact]
    public void The_parts_of_an_address_are_what_they_say()
    {
        HostAddress.Parse("tls:h:1?cert=/a%20b&ca=c").Should().Be(new TlsAddress("h", 1, "/a b", null, "c"));
        HostAddress.Parse("exec:  a  'b c'\"d\"\\ e  ").Should().Be(new ExecAddress(["a", "b cd e"]));
        HostAddress.Parse("tcp:[::1]:7").Should().Be(new TcpAddress("[::1]", 7));
    }

    [Theory]
    [InlineData("", "*has no scheme; allowed are unix:PATH, tcp:*")]
    [InlineData("localhost", "*has no scheme*")]
    [InlineData("http://x", "*scheme 'http' is unknown*")]
    [InlineData("local:", "*scheme 'local' is unknown*")]
    [InlineData("unix:", "*path is empty*")]
    [InlineData("tcp:host", "*host or port is missing*")]
    [InlineData("tcp::1", "*host or port is missing*")]
    [InlineData("tcp:::1:80", "*in brackets*")]
    [InlineData("tcp:host:0", "*'0' is no port of 1..65535*")]
    [InlineData("tcp:host:65536", "*'65536' is no port*")]
    [InlineData("tcp:host:+1", "*'+1' is no port*")]
    [InlineData("tls:host:1?cart=x", "*option 'cart' is unknown*")]
    [InlineData("tls:host:1?cert", "*'cert' has no value*")]
    [InlineData("tls:host:1?key=x", "*key needs cert*")]
    [InlineData("exec:", "*command is empty*")]
    [InlineData("exec:a 'b", "*quote ' is never closed*")]
    [InlineData("exec:a \\", "*backslash*")]
    public void What_is_no_address_is_refused_with_the_reason_and_what_is_allowed(string text, string message)
    {
        var parsing = () => HostAddress.Parse(text);

        parsing.Should().Throw<FormatException>().WithMessage(message).WithMessage("*exec:COMMAND ARGS... and local");
    }

    [Fact]
    public void A_path_that_no_socket_can_have_is_refused()
    {
        var parsing = () => HostAddress.Parse("unix:/" + new string('x', 107));

        parsing.Should().Throw<FormatException>().WithMessage("*at most 107 bytes*");
    }

    [Fact]
    public void A_command_is_started_only_where_somebody_starts_commands()
    {
        var making = () => HostAddress.Parse("exec:true").ToTransport();

        making.Should().Throw<NotSupportedException>();
        HostAddress.Parse("exec:true").ToTransport(new ProcessStarter()).Should().BeOfType<ExecTransport>();
    }
}
