using System.Globalization;
using Kuid.Bench.Load;

namespace Kuid.Bench.Daemons;

/// <summary>Debian's webhook, which runs a program for a request of HTTP and answers with what it wrote.</summary>
internal sealed class Webhook : IAsyncDisposable
{
    private const string Hooks =
        """
        [
          {"id": "shell", "execute-command": "/bin/sh", "command-working-directory": "/", "include-command-output-in-response": true,
           "pass-arguments-to-command": [{"source": "string", "name": "-c"}, {"source": "string", "name": "true"}]},
          {"id": "argv", "execute-command": "/bin/true", "command-working-directory": "/", "include-command-output-in-response": true}
        ]
        """;

    private readonly ChildProcess _process;
    private readonly string _url;

    private Webhook(string url, ChildProcess process)
    {
        _process = process;
        _url = url;
    }

    /// <summary>Starts it; null when it is not installed.</summary>
    /// <exception cref="CaseFailedException">It does not answer.</exception>
    internal static async Task<Webhook?> StartAsync(Workbench bench, CancellationToken cancellation)
    {
        if (Tool.Find("webhook") is not { } program)
        {
            return null;
        }

        string hooks = bench.Scratch.NewPath("hooks.json");
        await File.WriteAllTextAsync(hooks, Hooks, cancellation);
        int port = KuidDaemon.FreePort();
        string url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/hooks/");
        ChildProcess process = ChildProcess.Start(
            bench.Scratch.NewPath("webhook.log"),
            [program, "-hooks", hooks, "-ip", "127.0.0.1", "-port", port.ToString(CultureInfo.InvariantCulture)]);
        using var http = new HttpClient();
        try
        {
            await process.ReadyAsync(() => AnswersAsync(http, new Uri(url + "shell"), cancellation), cancellation);
            return new Webhook(url, process);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Where a hook is posted to: <c>shell</c> is <c>/bin/sh -c true</c>, <c>argv</c> is <c>/bin/true</c>.</summary>
    internal string Url(string hook) => _url + hook;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task<bool> AnswersAsync(HttpClient http, Uri url, CancellationToken cancellation)
    {
        try
        {
            using HttpResponseMessage response = await http.PostAsync(url, content: null, cancellation);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            // It does not listen yet.
            return false;
        }
    }
}
