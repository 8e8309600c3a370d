namespace Kuid.Sockproc.Tests.Clients;

// What a web page can make a browser send to a port of 127.0.0.1.
public sealed class CurlSpecs
{
    private readonly Doors _doors;

    public CurlSpecs(Doors doors)
    {
        Assert.SkipUnless(ToolRun.Exists("curl"), "curl is not installed");
        _doors = doors;
    }

    [Theory]
    [InlineData("--http1.1")]
    [InlineData("--http1.0")]
    public async Task Row_76_a_GET_whose_path_is_a_command_runs_nothing(string version)
    {
        await Expect([version], $"/;touch$IFS{Marker};:");
    }

    [Fact]
    public async Task Row_76_a_POST_whose_body_is_a_request_runs_nothing()
    {
        await Expect(["--data-binary", $"touch {Marker}\r\n0\r\n"], "/");
    }

    [Fact]
    public async Task Row_76_a_POST_with_a_large_body_can_read_the_refusal()
    {
        await Expect(["-H", "Expect:", "--data-binary", new string('a', 120_000)], "/");
    }

    private string Marker => _doors.Tcp.Folder["curl-ran"];

    // curl takes any bytes for a reply of HTTP/0.9; an exit code other than 0 would be a reset or a reply cut short.
    private async Task Expect(string[] options, string path)
    {
        ToolRun curl = await ToolRun.Of(
            "curl", ["-sS", "--max-time", "30", "--http0.9", "--globoff", .. options, $"http://127.0.0.1:{_doors.Tcp.Address}{path}"]);

        curl.Text.Should().StartWith("status:-1\r\n0\r\n").And.Contain("looks like an HTTP request", curl.Stderr);
        curl.ExitCode.Should().Be(0, curl.Stderr);
        (await _doors.Tcp.Run("true")).Status.Should().Be(0);
        File.Exists(Marker).Should().BeFalse();
    }
}
