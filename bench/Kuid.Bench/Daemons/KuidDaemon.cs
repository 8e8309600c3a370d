using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Kuid.Bench.History;
using Kuid.Bench.Load;

namespace Kuid.Bench.Daemons;

/// <summary>How a daemon is started, beyond what all have in common.</summary>
internal sealed record DaemonSetup
{
    /// <summary>More options.</summary>
    internal IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Whether HTTP is on a port of the loopback too.</summary>
    internal bool Tcp { get; init; }

    /// <summary>How many files it may open; null for as many as the bench.</summary>
    internal int? OpenFiles { get; init; }

    /// <summary>The data folder; null for a fresh one.</summary>
    internal string? Data { get; init; }

    /// <summary>Variables of its environment.</summary>
    internal IReadOnlyDictionary<string, string>? Environment { get; init; }
}

/// <summary>The daemon under test, with its history on, in a folder of its own.</summary>
internal sealed class KuidDaemon : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private KuidDaemon(string socket, string data, int? port, ChildProcess process)
    {
        _process = process;
        Socket = socket;
        Data = data;
        Port = port;
        Http = UnixHttp(HttpSocket);
        Ledger = new JobLedger(Path.Combine(data, "history.db"));
    }

    /// <summary>Its pid: the launcher executes the daemon in its own place.</summary>
    internal int Pid => _process.Pid;

    /// <summary>Its sockproc socket.</summary>
    internal string Socket { get; }

    /// <summary>Its HTTP socket.</summary>
    internal string HttpSocket => Path.Combine(Data, "http.sock");

    /// <summary>Its data folder.</summary>
    internal string Data { get; }

    /// <summary>The port of its HTTP door; null when it has none.</summary>
    internal int? Port { get; }

    /// <summary>What a client of that port has to send.</summary>
    internal string Token => File.ReadAllText(Path.Combine(Data, "token")).Trim();

    /// <summary>A client of its HTTP socket.</summary>
    internal HttpClient Http { get; }

    /// <summary>What its history has to have.</summary>
    internal JobLedger Ledger { get; }

    /// <summary>What sets the limit on open files.</summary>
    /// <exception cref="NotRunException">It is not here.</exception>
    internal static string Prlimit => Tool.Find("prlimit") ?? throw new NotRunException("prlimit is not installed (package util-linux)");

    /// <summary>Starts a daemon and waits until its doors are open.</summary>
    /// <exception cref="CaseFailedException">It does not answer.</exception>
    internal static async Task<KuidDaemon> StartAsync(Workbench bench, CancellationToken cancellation, DaemonSetup? setup = null)
    {
        KuidDaemon daemon = Launch(bench, setup ?? new DaemonSetup());
        try
        {
            await daemon._process.ReadyAsync(() => daemon.IsOpenAsync(cancellation), cancellation);
            daemon.Ledger.Begin();
            return daemon;
        }
        catch
        {
            await daemon.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a daemon and does not wait.</summary>
    internal static KuidDaemon Launch(Workbench bench, DaemonSetup setup)
    {
        string socket = bench.Scratch.NewPath("kuid");
        string data = setup.Data ?? Directory.CreateDirectory(bench.Scratch.NewPath("data")).FullName;
        int? port = setup.Tcp ? FreePort() : null;
        ChildProcess process = ChildProcess.Start(
            bench.Scratch.NewPath("kuid-jobd.log"),
            [
                .. setup.OpenFiles is { } files ? new[] { Prlimit, $"--nofile={files}:{files}", "--" } : [],
                bench.Options.Daemon, socket, "--foreground", "--data", data,
                .. port is null ? [] : new[] { "--http", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}") },
                .. setup.Options,
            ],
            setup.Environment);
        return new KuidDaemon(socket, data, port, process);
    }

    /// <summary>A request without a reader of its answer.</summary>
    /// <exception cref="CaseFailedException">It was refused.</exception>
    internal async Task SendAsync(HttpMethod method, string path, string? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await Http.SendAsync(request, cancellation);
        if (!response.IsSuccessStatusCode)
        {
            throw new CaseFailedException($"{method} {path} was answered with {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellation)}");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Ledger.Dispose();
        Http.Dispose();
        await _process.DisposeAsync();
    }

    // A job would be one that no case has asked for.
    private async Task<bool> IsOpenAsync(CancellationToken cancellation)
    {
        try
        {
            using var question = new HttpRequestMessage(HttpMethod.Get, "/healthz");

            // A connection that stays would be one that no case has asked for either.
            question.Headers.ConnectionClose = true;
            using HttpResponseMessage response = await Http.SendAsync(question, cancellation);
            return response.IsSuccessStatusCode && File.Exists(Socket);
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>A port of the loopback that nobody listens on.</summary>
    internal static int FreePort()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static HttpClient UnixHttp(string path) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellation) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        BaseAddress = new Uri("http://localhost"),
    };
}
