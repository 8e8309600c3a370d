using System.Globalization;

namespace Kuid.Sockproc.Tests.Clients;

// The sessions of the original's manual.
public sealed class TelnetSpecs
{
    private const string Greeting = "Escape character is '^]'.\n";

    private readonly Doors _doors;

    public TelnetSpecs(Doors doors)
    {
        Assert.SkipUnless(ToolRun.Exists("telnet"), "telnet is not installed");
        _doors = doors;
    }

    [Fact]
    public async Task A_command_typed_into_telnet_is_answered()
    {
        string uname = (await ToolRun.Of("uname", ["-a"])).Text;

        (await Session("uname -a\n", "0\n")).Should().Be($"status:0\n{uname.Length}\n{uname}0\n");
    }

    [Fact]
    public async Task A_bad_command_typed_into_telnet_is_answered_with_32512()
    {
        string[] reply = (await Session("foobar\n", "0\n")).Split('\n', 4);

        reply[..2].Should().Equal("status:32512", "0");
        reply[3].Should().EndWith("foobar: not found\n").And.HaveLength(int.Parse(reply[2], CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Stdin_can_be_typed_too()
    {
        (await Session("wc -l\n", "8\n", "a\n", "b\n", "cd")).Should().Be("status:0\n2\n2\n0\n");
    }

    // Its input stays open until the reply is there: at its end telnet would leave without it.
    private async Task<string> Session(params string[] lines)
    {
        using var telnet = Dialogue.With("telnet", "127.0.0.1", _doors.Tcp.Address);
        foreach (string line in lines)
        {
            await telnet.Type(line);
        }

        string said = (await telnet.ReadToEnd()).Replace("\r\n", "\n", StringComparison.Ordinal);
        said.Should().Contain(Greeting);
        return said[(said.IndexOf(Greeting, StringComparison.Ordinal) + Greeting.Length)..];
    }
}
