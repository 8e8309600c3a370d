using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Kuid.Http.Tests;

/// <summary>Rows 95, 96, 97 and 109 at the HTTP door: too many connections, silent ones, slow ones, and none of the open files left.</summary>
[Collection(nameof(ConnectionLimitSpecs))]
[CollectionDefinition(nameof(ConnectionLimitSpecs), DisableParallelization = true)]
public sealed class ConnectionLimitSpecs
{
    private const string Health = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";

    [Fact]
    public async Task Connections_beyond_the_limit_are_told_to_come_back_and_those_within_go_on()
    {
        await using HttpDaemon daemon = await HttpDaemon.Start(["--http-connections", "1"]);
        using SockprocClient first = await Asks(daemon.SocketPath, Health);
        (await Answer(first)).Should().StartWith("HTTP/1.1 200");

        using SockprocClient second = await SockprocClient.Connect(daemon.SocketPath);
        string refusal = Encoding.ASCII.GetString(await second.ReadToEnd());

        refusal.Should().StartWith("HTTP/1.1 503 Service Unavailable\r\n").And.Contain("\r\nRetry-After: 1\r\n").And.Contain("\"code\":\"unavailable\"");
        await first.Send(Health);
        (await Answer(first)).Should().StartWith("HTTP/1.1 200", "it goes on");
    }

    [Fact]
    public async Task Row_97_clients_that_say_nothing_and_those_without_a_token_give_their_places_to_those_who_are_known()
    {
        await using HttpDaemon daemon = await HttpDaemon.Start(["--http-connections", "10"], tcp: true);
        using HttpClient known = daemon.Tcp(daemon.Token);
        (await known.GetAsync("/v1/version")).EnsureSuccessStatusCode();
        var strangers = new List<SockprocClient>();
        for (int i = 0; i < 20; i++)
        {
            strangers.Add(await SockprocClient.Connect(daemon.TcpAddress.Port.ToString(CultureInfo.InvariantCulture)));
            await strangers[^1].Send(i % 2 == 0 ? "GET /healthz HT" : "GET /v1/jobs HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }

        (await known.GetAsync("/v1/version")).EnsureSuccessStatusCode();
        using HttpClient other = daemon.Tcp(daemon.Token);
        (await other.GetAsync("/v1/version")).EnsureSuccessStatusCode();

        await Eventually.Holds(() => IsOver(strangers[0].Socket), "the one that has been silent for longest is gone");
        strangers.ForEach(stranger => stranger.Dispose());
    }

    [Fact]
    public async Task Row_97_a_request_whose_headers_come_a_byte_now_and_then_is_ended_at_the_deadline()
    {
        await using HttpDaemon daemon = await HttpDaemon.Start();
        using SockprocClient slow = await Asks(daemon.SocketPath, "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: ");
        Task<byte[]> answer = slow.ReadToEnd();
        while (await Task.WhenAny(answer, Task.Delay(500, TestContext.Current.CancellationToken)) != answer)
        {
            await slow.Send("x");
        }

        Encoding.ASCII.GetString(await answer).Should().StartWith("HTTP/1.1 408", "ten seconds are for the headers");
    }

    [Fact]
    public async Task Row_109_a_body_that_comes_a_byte_now_and_then_is_ended()
    {
        await using HttpDaemon daemon = await HttpDaemon.Start();
        using SockprocClient slow = await Asks(
            daemon.SocketPath, "POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{");
        Task<byte[]> answer = slow.ReadToEnd();
        while (await Task.WhenAny(answer, Task.Delay(500, TestContext.Current.CancellationToken)) != answer)
        {
            await slow.Send(" ");
        }

        Encoding.ASCII.GetString(await answer).Should().Contain("the body came too slowly", "240 bytes a second are asked for, after five of grace");
    }

    [Fact]
    public async Task Row_109_an_answer_that_nobody_takes_is_broken_off()
    {
        // Nobody but the slow one asks over HTTP, so no connection that is kept for later is counted.
        await using HttpDaemon daemon = await HttpDaemon.Start(["--sockproc-history-bytes", "50000000"]);
        await daemon.Daemon.Run("head -c 30000000 /dev/zero");
        const string Job = "GET /v1/jobs/1/stdout HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        await Eventually.Holds(
            async () =>
            {
                using SockprocClient quick = await Asks(daemon.SocketPath, Job);
                return (await quick.ReadToEnd()).Length > 30_000_000;
            },
            "all of it is there for who takes it");
        await QuietSecond.Of(daemon.Daemon.Pid);
        int before = ProcessTable.Descriptors(daemon.Daemon.Pid);

        using SockprocClient slow = await Asks(daemon.SocketPath, Job);
        await Eventually.Holds(() => ProcessTable.Descriptors(daemon.Daemon.Pid) > before, "it is answered");

        await Eventually.Holds(() => ProcessTable.Descriptors(daemon.Daemon.Pid) <= before, "connection and file are closed", TimeSpan.FromMinutes(3));
        (await daemon.Daemon.Answers(TimeSpan.FromSeconds(20))).Should().BeTrue();
    }

    [Fact]
    public async Task Row_96_when_accept_finds_no_descriptor_at_the_HTTP_door_clients_are_told_and_the_loop_does_not_spin()
    {
        await using HttpDaemon daemon = await HttpDaemon.Start();
        HttpClient client = daemon.Client;
        (await client.SubmitToEnd("true")).GetProperty("state").GetString().Should().Be("succeeded");
        await QuietSecond.Of(daemon.Daemon.Pid);

        await LimitOpenFiles(daemon, ProcessTable.Descriptors(daemon.Daemon.Pid) + 5);
        SockprocClient[] many = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Asks(daemon.SocketPath, Health)));
        string[] answers = await Task.WhenAll(many.Select(Answer));

        answers.Should().OnlyContain(answer => answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal) || answer.StartsWith("HTTP/1.1 503", StringComparison.Ordinal));
        answers.Where(answer => answer.StartsWith("HTTP/1.1 503", StringComparison.Ordinal)).Should().NotBeEmpty();
        await QuietSecond.Of(daemon.Daemon.Pid);
        Array.ForEach(many, one => one.Dispose());
        await LimitOpenFiles(daemon, 1000);
        await Eventually.Holds(async () => (await client.GetAsync("/healthz")).IsSuccessStatusCode, "it answers again");
    }

    private static bool IsOver(Socket socket)
    {
        try
        {
            return socket.Poll(0, SelectMode.SelectRead) && socket.Receive(new byte[4096], SocketFlags.None) == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private static async Task<SockprocClient> Asks(string address, string request)
    {
        SockprocClient client = await SockprocClient.Connect(address);
        await client.Send(request);
        return client;
    }

    private static async Task<string> Answer(SockprocClient client)
    {
        byte[] bytes = new byte[4096];
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        int n = await client.Socket.ReceiveAsync(bytes, SocketFlags.None, patience.Token);
        return Encoding.ASCII.GetString(bytes, 0, n);
    }

    private static Task<ToolRun> LimitOpenFiles(HttpDaemon daemon, int soft) => ToolRun.Of(
        "prlimit", ["--pid", daemon.Daemon.Pid.ToString(CultureInfo.InvariantCulture), $"--nofile={soft.ToString(CultureInfo.InvariantCulture)}:"]);
}
