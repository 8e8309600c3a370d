using System.Net.Http.Headers;
using System.Net.Sockets;
using Kuid.TestKit.Contract;

namespace Kuid.Http.Tests;

/// <summary>A real daemon and clients of its HTTP door; each answer is held against the contract.</summary>
internal sealed class HttpDaemon : IAsyncDisposable
{
    // Who asks before sending a body waits for the answer, however slow the machine is.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TestDaemon _daemon;
    private readonly string? _port;

    private HttpDaemon(TestDaemon daemon, string? port)
    {
        _daemon = daemon;
        _port = port;
        Client = ClientOf(SocketPath);
    }

    /// <summary>The daemon.</summary>
    internal TestDaemon Daemon => _daemon;

    /// <summary>The path of its Unix socket.</summary>
    internal string SocketPath => _daemon.Folder["data/http.sock"];

    /// <summary>The address of its TCP port.</summary>
    internal Uri TcpAddress => new($"http://127.0.0.1:{_port}");

    /// <summary>What its file says.</summary>
    internal string Token => File.ReadAllText(_daemon.Folder["data/token"]).TrimEnd('\n');

    /// <summary>A client of the Unix socket.</summary>
    internal HttpClient Client { get; }

    internal static async Task<HttpDaemon> Start(
        IEnumerable<string>? options = null, bool tcp = false, IReadOnlyDictionary<string, string?>? environment = null,
        TempFolder? folder = null, IReadOnlyList<string>? wrapper = null, string? owner = null)
    {
        string? port = tcp ? TestDaemon.FreePort() : null;
        string[] http = port is null ? [] : ["--http", $"127.0.0.1:{port}"];
        return new HttpDaemon(await TestDaemon.Start([.. options ?? [], .. http], environment: environment, folder: folder, wrapper: wrapper, owner: owner), port);
    }

    /// <summary>A client of the TCP port.</summary>
    internal HttpClient Tcp(string? token)
    {
        var client = new HttpClient(new ContractHandler(new SocketsHttpHandler { Expect100ContinueTimeout = Patience })) { BaseAddress = TcpAddress };
        client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>A client of a Unix socket.</summary>
    internal static HttpClient ClientOf(string path) => new(new ContractHandler(new SocketsHttpHandler
    {
        Expect100ContinueTimeout = Patience,
        ConnectCallback = async (_, cancellation) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    }))
    {
        BaseAddress = new Uri("http://localhost"),
        Timeout = TimeSpan.FromSeconds(90),
    };

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _daemon.DisposeAsync();
    }
}
