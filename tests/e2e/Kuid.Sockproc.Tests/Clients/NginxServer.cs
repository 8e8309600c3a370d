using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Kuid.Sockproc.Tests.Clients;

// nginx with an example of clients/lua in a folder of its own, ended with the object.
internal sealed class NginxServer : IAsyncDisposable
{
    private readonly TempFolder _prefix = new();
    private readonly Process _process;

    private NginxServer(string configuration, string port)
    {
        File.WriteAllText(_prefix["nginx.conf"], configuration.Replace("@PORT@", port, StringComparison.Ordinal));
        Client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(60) };
        _process = Process.Start(new ProcessStartInfo(Program!, ["-p", _prefix.Path, "-c", _prefix["nginx.conf"], "-e", "error.log"])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        })!;
    }

    private HttpClient Client { get; }

    // Debian has it where only root's PATH looks.
    private static string? Program { get; } =
        new[] { "/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx" }.FirstOrDefault(File.Exists);

    internal static void SkipUnlessInstalled()
    {
        Assert.SkipUnless(Program is not null, "nginx is not installed");
        Assert.SkipUnless(
            File.Exists("/usr/lib/nginx/modules/ngx_http_lua_module.so"), "nginx has no Lua module where Debian puts it");
    }

    // The example with its placeholders filled in, and whatever else a test changes.
    internal static async Task<NginxServer> Start(
        string socket, string? luaFolder = null, Func<string, string>? change = null, string example = "example.conf")
    {
        string configuration = (await File.ReadAllTextAsync(Repository.File($"clients/lua/{example}")))
            .Replace("@SOCKET@", socket, StringComparison.Ordinal)
            .Replace("@LUA_DIR@", luaFolder ?? Repository.File("clients/lua"), StringComparison.Ordinal);
        var server = new NginxServer(change?.Invoke(configuration) ?? configuration, TestDaemon.FreePort());
        try
        {
            await Eventually.Holds(server.Accepts, "nginx accepts connections");
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    internal async Task<string> Uname() => await Client.GetStringAsync(new Uri("/uname", UriKind.Relative));

    internal async Task<HttpStatusCode> UnameStatus()
    {
        using HttpResponseMessage reply = await Client.GetAsync(new Uri("/uname", UriKind.Relative));
        return reply.StatusCode;
    }

    // What the location /echo sends back.
    internal async Task<byte[]> Echo(byte[] data)
    {
        using var body = new ByteArrayContent(data);
        using HttpResponseMessage reply = await Client.PostAsync(new Uri("/echo", UriKind.Relative), body);
        reply.StatusCode.Should().Be(HttpStatusCode.OK);
        return await reply.Content.ReadAsByteArrayAsync();
    }

    // What the location /status says of a command, line by line.
    internal async Task<string> Status(string command) =>
        await Client.GetStringAsync(new Uri($"/status?cmd={Uri.EscapeDataString(command)}", UriKind.Relative));

    // What any other location sends.
    internal async Task<(HttpStatusCode Status, byte[] Body)> Get(string location, string command)
    {
        using HttpResponseMessage reply = await Client.GetAsync(new Uri($"{location}?cmd={Uri.EscapeDataString(command)}", UriKind.Relative));
        return (reply.StatusCode, await reply.Content.ReadAsByteArrayAsync());
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _prefix.Dispose();
    }

    private async Task<bool> Accepts()
    {
        if (_process.HasExited)
        {
            throw new InvalidOperationException($"nginx ended: {await _process.StandardError.ReadToEndAsync()}");
        }

        try
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(Client.BaseAddress!.Host, Client.BaseAddress.Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
