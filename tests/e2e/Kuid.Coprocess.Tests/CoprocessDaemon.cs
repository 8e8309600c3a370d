using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace Kuid.Coprocess.Tests;

/// <summary>A real daemon with a coprocess socket.</summary>
internal sealed class CoprocessDaemon : IAsyncDisposable
{
    private readonly HttpClient _http;

    private CoprocessDaemon(TestDaemon daemon)
    {
        Daemon = daemon;
        _http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(daemon.Folder["data/http.sock"]), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        {
            BaseAddress = new Uri("http://localhost/v1/"),
        };
    }

    internal TestDaemon Daemon { get; }

    /// <summary>The coprocess socket.</summary>
    internal string Socket => Daemon.Folder["c"];

    /// <summary>How many descriptors the daemon has open, but those that it keeps for later.</summary>
    internal int Descriptors => ProcessTable.PassingDescriptors(Daemon.Pid);

    internal static Task<CoprocessDaemon> Start(params string[] options) => Start(wrapper: null, options);

    /// <summary>The same, with words in front of the daemon.</summary>
    internal static async Task<CoprocessDaemon> Start(string[]? wrapper, params string[] options)
    {
        var folder = new TempFolder();
        TestDaemon daemon = await TestDaemon.Start(["--coprocess-socket", folder["c"], .. options], wrapper: wrapper, folder: folder);
        return new CoprocessDaemon(daemon);
    }

    /// <summary>The jobs of the door, the newest first.</summary>
    internal async Task<IReadOnlyList<JsonElement>> Jobs() =>
        [.. (await _http.GetFromJsonAsync<JsonElement>("jobs?origin=coprocess&limit=100")).GetProperty("items").EnumerateArray()];

    /// <summary>Waits for a job of the door that is as it should be.</summary>
    internal async Task<JsonElement> Job(Func<JsonElement, bool> holds, string expectation)
    {
        JsonElement found = default;
        await Eventually.Holds(
            async () => (found = (await Jobs()).FirstOrDefault(holds)).ValueKind == JsonValueKind.Object, $"there is a job that {expectation}");
        return found;
    }

    /// <summary>Does something to a job over HTTP.</summary>
    internal Task<HttpResponseMessage> Post(long id, string verb, object? body = null) =>
        _http.PostAsync(new Uri($"jobs/{id}/{verb}", UriKind.Relative), body is null ? null : JsonContent.Create(body));

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Daemon.DisposeAsync();
        Daemon.Folder.Dispose();
    }
}
