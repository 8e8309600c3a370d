using System.Net;

namespace Kuid.Http.Tests;

/// <summary>Requests of a user who is neither the daemon's nor root, through curl, to a socket that lets everybody connect.</summary>
internal static class OtherUser
{
    internal static async Task<HttpResponseMessage> Get(HttpDaemon daemon, string path)
    {
        await ToolRun.Of("chmod", ["0755", daemon.Daemon.Folder.Path, daemon.Daemon.Folder["data"]]);
        await ToolRun.Of("chmod", ["0666", daemon.SocketPath]);
        ToolRun run = await ToolRun.Of(
            "setpriv",
            ["--reuid=65534", "--regid=65534", "--clear-groups", "curl", "-sS", "--unix-socket", daemon.SocketPath, "-w", "\n%{http_code}", "http://localhost" + path]);
        string[] parts = run.Text.Split('\n');
        return new HttpResponseMessage((HttpStatusCode)int.Parse(parts[^1], System.Globalization.CultureInfo.InvariantCulture))
        {
            Content = new StringContent(string.Join('\n', parts[..^1])),
        };
    }
}
