using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kuid.Cli.Tests;

/// <summary>An HTTP server on a Unix socket and a port that answers what the test says, for answers a real daemon gives seldom.</summary>
internal sealed class StubDaemon : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TempFolder _folder;

    private StubDaemon(WebApplication app, TempFolder folder)
    {
        _app = app;
        _folder = folder;
    }

    /// <summary>What was asked: method, path, query.</summary>
    internal ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>The bodies of the submissions.</summary>
    internal ConcurrentQueue<string> Submissions { get; } = new();

    /// <summary>The other bodies of JSON.</summary>
    internal ConcurrentQueue<string> Bodies { get; } = new();

    /// <summary>The values of the Authorization headers.</summary>
    internal ConcurrentQueue<string> Authorizations { get; } = new();

    internal string Socket => _folder["http.sock"];

    internal string Folder => _folder.Path;

    internal string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
        .Single(address => address.StartsWith("http://127", StringComparison.Ordinal));

    /// <summary>Starts it.</summary>
    /// <param name="answer">Answers a request: by method and path, such as <c>GET /v1/jobs/7</c>.</param>
    internal static async Task<StubDaemon> Start(Func<string, HttpContext, Task> answer)
    {
        var folder = new TempFolder();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ListenUnixSocket(folder["http.sock"]);
            kestrel.Listen(System.Net.IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http1);
        });
        WebApplication app = builder.Build();
        var stub = new StubDaemon(app, folder);
        app.Run(async context =>
        {
            string request = $"{context.Request.Method} {context.Request.Path}";
            stub.Requests.Enqueue(request + context.Request.QueryString);
            stub.Authorizations.Enqueue(context.Request.Headers.Authorization.ToString());
            if (context.Request.HasJsonContentType())
            {
                context.Request.EnableBuffering();
                using var reader = new StreamReader(context.Request.Body, leaveOpen: true);
                string body = await reader.ReadToEndAsync();
                context.Request.Body.Position = 0;
                (request == "POST /v1/jobs" ? stub.Submissions : stub.Bodies).Enqueue(body);
            }

            await answer(request, context);
        });
        await app.StartAsync();
        return stub;
    }

    /// <summary>Runs kuid against it.</summary>
    internal Task<ToolRun> Kuid(params string[] words) => KuidCommand.Run(words, default, ("KUID_SOCKET", Socket));

    /// <summary>Answers with a document.</summary>
    internal static async Task Json(HttpContext context, string json, int status = 200)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = status >= 400 ? "application/problem+json" : "application/json";
        await context.Response.WriteAsync(json);
    }

    /// <summary>Answers with a problem.</summary>
    internal static Task Problem(HttpContext context, int status, string code, string detail, string errors = "null") => Json(
        context,
        $$"""
        {"type":"about:blank","title":"T","status":{{status.ToString(CultureInfo.InvariantCulture)}},"detail":"{{detail}}","code":"{{code}}","errors":{{errors}},"traceId":"0"}
        """,
        status);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // An end that waits for no request that still hangs.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        _folder.Dispose();
    }
}
