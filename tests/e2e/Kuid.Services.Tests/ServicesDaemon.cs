using System.Net.Sockets;
using System.Text.Json;

namespace Kuid.Services.Tests;

/// <summary>A real daemon with services: on a Unix socket, or on a port as telnet would reach it.</summary>
internal sealed class ServicesDaemon : IAsyncDisposable
{
    private readonly string? _port;
    private readonly HttpClient _http;
    private readonly TempFolder? _own;

    private ServicesDaemon(TestDaemon daemon, string? port, TempFolder? own)
    {
        (Daemon, _port, _own) = (daemon, port, own);
        _http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(daemon.Folder["data/http.sock"]), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        { BaseAddress = new Uri("http://localhost") };
    }

    internal TestDaemon Daemon { get; }

    /// <summary>The registry's path.</summary>
    internal string Registry => Daemon.Folder["data/registry.sock"];

    /// <summary>Where callers connect, as an option of programs says it.</summary>
    internal string Address => _port ?? Daemon.Folder["services"];

    internal static async Task<ServicesDaemon> Start(IEnumerable<string>? options = null, bool tcp = false, TempFolder? folder = null)
    {
        TempFolder? own = folder is null ? new TempFolder() : null;
        folder ??= own!;
        string? port = tcp ? TestDaemon.FreePort() : null;
        TestDaemon daemon = await TestDaemon.Start(["--services", port ?? folder["services"], .. options ?? []], folder: folder);
        return new ServicesDaemon(daemon, port, own);
    }

    /// <summary>A subserver of the real <c>kuid advertise</c> with one service, which is a script.</summary>
    internal AdvertiseCommand Offer(string name, string script, string settings = "") => AdvertiseCommand.Start(
        Daemon.Folder, Registry, $"[{name}]\npath = {AdvertiseCommand.Program(Daemon.Folder, name + ".sh", script)}\n{settings}");

    /// <summary>A connection of a caller's.</summary>
    internal async Task<Caller> Connect()
    {
        bool tcp = _port is not null;
        var socket = new Socket(tcp ? AddressFamily.InterNetwork : AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(tcp
            ? new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, int.Parse(_port!, System.Globalization.CultureInfo.InvariantCulture))
            : new UnixDomainSocketEndPoint(Address));
        return new Caller(socket);
    }

    /// <summary>Says a request and reads all that comes back, the welcome aside.</summary>
    internal async Task<string> Call(string request)
    {
        using Caller caller = await Connect();
        await caller.Send(request);
        return (await caller.ReadToEnd())[Caller.Welcome.Length..];
    }

    /// <summary>The newest job, when there is one and it fulfils a condition.</summary>
    internal async Task<JsonElement> NewestJob(Func<JsonElement, bool> condition, string expectation)
    {
        JsonElement found = default;
        await Eventually.Holds(
            async () =>
            {
                JsonElement page = JsonDocument.Parse(await _http.GetStringAsync("/v1/jobs?limit=1&origin=service")).RootElement;
                found = page.GetProperty("items").EnumerateArray().FirstOrDefault();
                return found.ValueKind == JsonValueKind.Object && condition(found);
            },
            expectation);
        return found;
    }

    /// <summary>Waits until so many calls of a service wait for their turn.</summary>
    internal Task Waiting(string service, int calls) => Eventually.Holds(
        async () => (await Services()).Any(found => found.GetProperty("name").GetString() == service && found.GetProperty("waiting").GetInt32() == calls),
        $"{calls} calls of {service} wait");

    /// <summary>Waits until nobody offers a service any more: whoever calls it before that is asked for the rest of the request.</summary>
    internal Task Gone(string service) => Eventually.Holds(
        async () => (await Services()).All(found => found.GetProperty("name").GetString() != service), $"{service} is gone");

    /// <summary>Asks something of the HTTP door.</summary>
    internal Task<HttpResponseMessage> Post(string path, string json) =>
        _http.PostAsync(path, new StringContent(json, System.Text.Encoding.UTF8, "application/json"));

    private async Task<IEnumerable<JsonElement>> Services() =>
        JsonDocument.Parse(await _http.GetStringAsync("/v1/services")).RootElement.GetProperty("items").EnumerateArray();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Daemon.DisposeAsync();
        _own?.Dispose();
    }
}
