using System.Net;
using System.Security.Cryptography;
using System.Text;
using Kuid.Clients.Tests.Examples;
using Kuid.Sockproc.Tests.Clients;

namespace Kuid.Clients.Tests.Lua;

/// <summary>clients/lua/kuid/http.lua in nginx, by its example.</summary>
public sealed class KuidHttpSpecs : IAsyncLifetime
{
    private readonly string _port = TestDaemon.FreePort();
    private TestDaemon _daemon = null!;

    private string Socket => _daemon.Folder["data/http.sock"];

    public async ValueTask InitializeAsync()
    {
        NginxServer.SkipUnlessInstalled();
        Assert.SkipUnless(
            Directory.EnumerateDirectories("/usr/lib", "*-linux-gnu*").Any(folder => File.Exists(Path.Combine(folder, "lua/5.1/cjson.so"))),
            "lua-cjson is not installed where Debian puts it");
        _daemon = await TestDaemon.Start(["--http", $"127.0.0.1:{_port}"]);
    }

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }
    }

    [Fact]
    public async Task Ten_megabytes_of_binary_output_are_followed_byte_for_byte()
    {
        byte[] bytes = await BytesAsync();
        await using NginxServer nginx = await NginxAt(Socket);

        (HttpStatusCode status, byte[] body) = await nginx.Get("/follow", "cat bytes");

        status.Should().Be(HttpStatusCode.OK);
        body.AsSpan().SequenceEqual(bytes).Should().BeTrue("{0} of {1} bytes came", body.Length, bytes.Length);
    }

    [Fact]
    public async Task A_busy_daemon_a_lost_answer_and_broken_connections_change_nothing()
    {
        byte[] bytes = await BytesAsync();
        await using var door = new BrokenDoor(_daemon.Folder["broken"], Socket);
        await using NginxServer nginx = await NginxAt(door.Path);

        (_, byte[] body) = await nginx.Get("/follow", "cat bytes; echo >> ran");

        body.AsSpan().SequenceEqual(bytes).Should().BeTrue("{0} of {1} bytes came", body.Length, bytes.Length);
        door.Faults.Should().BeGreaterThan(5, "the client met a busy daemon, lost an answer, and was cut off");
        new FileInfo(_daemon.Folder["ran"]).Length.Should().Be(1, "a submission that is sent again with its key is the same job");
    }

    [Theory]
    [InlineData("echo one; echo two", "state: succeeded\nreason: exit\nexit code: 0\none\ntwo\n")]
    [InlineData("sleep 0.5; exit 3", "state: failed\nreason: exit\nexit code: 3\n")]
    [InlineData("kill -9 $$", "state: failed\nreason: signal\nexit code: userdata: NULL\n")]
    public async Task A_job_is_waited_for(string command, string expected)
    {
        await using NginxServer nginx = await NginxAt(Socket);

        (_, byte[] body) = await nginx.Get("/wait", command);

        Encoding.UTF8.GetString(body).Should().Be(expected);
    }

    [Fact]
    public async Task A_port_with_the_token_serves_as_a_socket_does()
    {
        string token = (await File.ReadAllTextAsync(_daemon.Folder["data/token"])).Trim();
        await using NginxServer nginx = await NginxServer.Start(
            string.Empty, example: "example-http.conf", change: text => text.Replace(
                "{ socket = \"\" }", $"{{ host = \"127.0.0.1\", port = {_port}, token = \"{token}\" }}", StringComparison.Ordinal));

        (_, byte[] body) = await nginx.Get("/wait", "echo hello");

        Encoding.UTF8.GetString(body).Should().EndWith("\nhello\n");
    }

    [Fact]
    public async Task What_the_daemon_refuses_comes_with_its_reason()
    {
        await using NginxServer nginx = await NginxAt(Socket);

        (HttpStatusCode status, byte[] body) = await nginx.Get("/wait", string.Empty);

        status.Should().Be(HttpStatusCode.BadGateway);
        Encoding.UTF8.GetString(body).Should().Be("422 invalid: /command: it is empty\n");
    }

    [Fact]
    public async Task A_dead_socket_is_an_error_when_the_patience_is_over()
    {
        await using NginxServer nginx = await NginxServer.Start(
            $"unix:{_daemon.Folder["nobody"]}", example: "example-http.conf",
            change: text => text.Replace("{ socket = ", "{ patience = 0.2, socket = ", StringComparison.Ordinal));

        (HttpStatusCode status, byte[] body) = await nginx.Get("/wait", "true");

        status.Should().Be(HttpStatusCode.BadGateway);
        Encoding.UTF8.GetString(body).Should().StartWith("POST /v1/jobs: cannot connect: ");
    }

    private static Task<NginxServer> NginxAt(string socket) => NginxServer.Start($"unix:{socket}", example: "example-http.conf");

    private async Task<byte[]> BytesAsync()
    {
        byte[] bytes = RandomNumberGenerator.GetBytes(10 * 1024 * 1024);
        await File.WriteAllBytesAsync(_daemon.Folder["bytes"], bytes);
        return bytes;
    }
}
