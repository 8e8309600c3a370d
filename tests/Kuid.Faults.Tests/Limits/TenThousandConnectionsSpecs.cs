using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Kuid.Faults.Tests.Limits;

/// <summary>Rows 95 and 97: idle connections by the thousand and a slowloris on every door, and beside them clients that want something.</summary>
[Collection(nameof(Alone))]
public sealed class TenThousandConnectionsSpecs
{
    [Fact]
    [Trait("Length", "Soak")]
    public async Task Rows_95_and_97_Beside_ten_thousand_idle_connections_and_a_slowloris_on_each_door_all_requests_are_answered()
    {
        Assert.SkipUnless(Soak.IsAsked, Soak.Reason);
        await Serve(new Crowd(Sockproc: 8000, Services: 800, Coprocess: 250, Http: 950), TimeSpan.FromSeconds(Math.Min(120, Soak.Seconds)));
    }

    [Fact]
    public Task Rows_95_and_97_beside_hundreds_of_idle_connections_and_a_slowloris_on_each_door_all_requests_are_answered() =>
        Serve(new Crowd(Sockproc: 300, Services: 60, Coprocess: 20, Http: 60), TimeSpan.FromSeconds(5));

    private static async Task Serve(Crowd crowd, TimeSpan time)
    {
        Assert.SkipUnless(crowd.All + 1500 < await HardLimit(), $"the hard limit on open files allows no {crowd.All} connections to one process");
        using var folder = new TempFolder();
        string services = folder["services"], coprocess = folder["coprocess"], http = folder["data/http.sock"];
        await using TestDaemon daemon = await TestDaemon.Start(
            [
                "--services", services, "--coprocess-socket", coprocess, "--sockproc-header-seconds", "600", "--services-line-seconds", "600",
                "--sockproc-connections", Places(crowd.Sockproc), "--services-connections", Places(crowd.Services),
                "--coprocess-connections", Places(crowd.Coprocess), "--http-connections", Places(crowd.Http),
            ],
            folder: folder);
        (await daemon.Answers(TimeSpan.FromMinutes(1))).Should().BeTrue();
        long before = ProcessTable.ResidentBytes(daemon.Pid);
        var idle = new List<SockprocClient>();
        try
        {
            foreach ((string address, int count) in new[] { (daemon.Address, crowd.Sockproc), (services, crowd.Services), (coprocess, crowd.Coprocess), (http, crowd.Http) })
            {
                await Connect(idle, address, count, daemon.Pid);
            }

            ProcessTable.Descriptors(daemon.Pid).Should().BeGreaterThan(crowd.All, "all of them are connected");
            using var over = new CancellationTokenSource(time);
            Task slow = Task.WhenAll(
                Drip(daemon.Address, "echo ", over.Token), Drip(services, "a", over.Token), Drip(coprocess, "100:", over.Token),
                Drip(http, "GET /healthz HTTP/1.1\r\nX: ", over.Token));
            using HttpClient client = HttpDaemon.ClientOf(http);
            long[][] took = await Task.WhenAll(
                Ask(async () => (await daemon.Run("echo ok")).Text.Should().Be("ok\n"), over.Token),
                Ask(async () => (await client.GetAsync("/healthz")).EnsureSuccessStatusCode(), over.Token),
                Ask(async () => (await client.GetAsync("/v1/jobs?limit=1")).EnsureSuccessStatusCode(), over.Token));
            await slow;

            ProcessTable.Descriptors(daemon.Pid).Should().BeGreaterThan(crowd.All, "nobody was sent away");
            Say($"{crowd.All} idle connections, {(ProcessTable.ResidentBytes(daemon.Pid) - before) / 1024 / crowd.All} KiB each");
            Say($"sockproc {Figures(took[0])}; http /healthz {Figures(took[1])}; http /v1/jobs {Figures(took[2])}");
        }
        finally
        {
            idle.ForEach(client => client.Dispose());
        }

        await Eventually.Holds(() => ProcessTable.Descriptors(daemon.Pid) < 400, "all of them are let go");
        daemon.Log.Should().NotContain("this is a fault of the daemon").And.NotContain("EMFILE");
    }

    // A tenth more than there are, and some for those who ask.
    private static string Places(int idle) => ((idle * 10 / 9) + 20).ToString(CultureInfo.InvariantCulture);

    private static async Task Connect(List<SockprocClient> idle, string address, int count, int pid)
    {
        for (int done = 0; done < count;)
        {
            // Batch by batch, for a backlog that is full refuses.
            int batch = Math.Min(200, count - done);
            idle.AddRange(await Task.WhenAll(Enumerable.Range(0, batch).Select(_ => SockprocClient.Connect(address))));
            done += batch;
            await Eventually.Holds(() => ProcessTable.Descriptors(pid) > idle.Count, "all of them are accepted");
        }
    }

    /// <summary>Sends a byte ten times a second and begins anew when it is sent away.</summary>
    private static async Task Drip(string address, string beginning, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            using SockprocClient client = await SockprocClient.Connect(address);
            await client.Send(beginning);
            while (!over.IsCancellationRequested && !(client.Socket.Poll(0, SelectMode.SelectRead) && IsOver(client.Socket)))
            {
                await client.Send("0");
                await Task.Delay(100, CancellationToken.None);
            }
        }
    }

    private static bool IsOver(Socket socket)
    {
        try
        {
            return socket.Receive(new byte[4096], SocketFlags.None) == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    /// <summary>Asks ten times a second.</summary>
    /// <returns>How long each answer took, in microseconds.</returns>
    private static async Task<long[]> Ask(Func<Task> ask, CancellationToken over)
    {
        var took = new List<long>();
        do
        {
            long begun = Stopwatch.GetTimestamp();
            await ask();
            took.Add((long)Stopwatch.GetElapsedTime(begun).TotalMicroseconds);
            await Task.Delay(100, CancellationToken.None);
        }
        while (!over.IsCancellationRequested);

        return [.. took.Order()];
    }

    private static string Figures(long[] sorted) => string.Create(
        CultureInfo.InvariantCulture,
        $"{sorted.Length} answered, p50 {sorted[sorted.Length / 2] / 1000.0:0.0} ms, p99 {sorted[sorted.Length * 99 / 100] / 1000.0:0.0} ms, longest {sorted[^1] / 1000.0:0.0} ms");

    private static void Say(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);

    private static async Task<long> HardLimit() =>
        long.TryParse((await ToolRun.Of("sh", ["-c", "ulimit -Hn"])).Text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long n) ? n : long.MaxValue;

    /// <summary>How many idle connections each door is to have.</summary>
    private sealed record Crowd(int Sockproc, int Services, int Coprocess, int Http)
    {
        internal int All => Sockproc + Services + Coprocess + Http;
    }
}
