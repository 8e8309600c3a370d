namespace Kuid.Sockproc.Tests.Clients;

public sealed class SocatSpecs
{
    // How long socat waits for the other side after one has ended.
    private const string Patience = "-t60";

    private readonly Doors _doors;

    public SocatSpecs(Doors doors)
    {
        Assert.SkipUnless(ToolRun.Exists("socat"), "socat is not installed");
        _doors = doors;
    }

    [Fact]
    public async Task The_session_of_the_manual_works_with_crlf()
    {
        string uname = (await ToolRun.Of("uname", ["-a"])).Text;

        string said = await Socat($"{_doors.Unix.Address},crlf", "uname -a\n0\n");

        said.Should().Be($"status:0\n{uname.Length}\n{uname}0\n");
    }

    [Fact]
    public async Task Typed_lines_work_while_the_input_stays_open()
    {
        using var socat = Dialogue.With("socat", "-", $"{_doors.Unix.Address},crlf");
        await socat.Type("tr a-z A-Z\n");
        await socat.Type("3\n");
        await socat.Type("abc");

        (await socat.ReadToEnd()).Should().Be("status:0\n3\nABC0\n");
    }

    [Fact]
    public async Task Without_crlf_the_client_writes_the_line_ends_itself()
    {
        string said = await Socat(_doors.Unix.Address, "echo hi; echo there >&2\r\n0\r\n");

        said.Should().Be("status:0\r\n3\r\nhi\n6\r\nthere\n");
    }

    [Fact]
    public async Task Without_crlf_and_without_line_ends_nothing_runs()
    {
        string said = await Socat(_doors.Unix.Address, "touch socat-ran\n0\n");

        said.Should().StartWith("status:-1\r\n0\r\n").And.Contain("before the command's CRLF");
        File.Exists(_doors.Unix.Folder["socat-ran"]).Should().BeFalse();
    }

    [Fact]
    public async Task The_TCP_port_works_as_the_path_does()
    {
        string said = await Socat($"TCP:127.0.0.1:{_doors.Tcp.Address},crlf", "exit 3\n0\n");

        said.Should().Be("status:768\n0\n0\n");
    }

    [Fact]
    public async Task Stdin_through_a_half_close_arrives_whole()
    {
        string data = new('x', 300_000);

        string said = await Socat(_doors.Unix.Address, $"cat\r\n{data.Length}\r\n{data}");

        said.Should().Be($"status:0\r\n{data.Length}\r\n{data}0\r\n");
    }

    private static async Task<string> Socat(string address, string input) =>
        (await ToolRun.Of("socat", [Patience, "-", address], System.Text.Encoding.UTF8.GetBytes(input))).Text;
}
