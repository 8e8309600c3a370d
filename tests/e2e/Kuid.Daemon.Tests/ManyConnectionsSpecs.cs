using System.Globalization;

namespace Kuid.Daemon.Tests;

/// <summary>Rows 95, 97 and 98: clients that connect by the thousand, and clients that take their time.</summary>
[Collection(nameof(Load))]
public sealed class ManyConnectionsSpecs
{
    private const int OpenFilesPerConnection = 5;

    [Fact]
    public async Task Row_95_thousands_of_idle_connections_cost_little_and_keep_nobody_out()
    {
        int connections = await OpenFilesAllow(10_000 * OpenFilesPerConnection) ? 9_000 : 2_000;
        Assert.SkipUnless(await OpenFilesAllow(connections * OpenFilesPerConnection), "the limit on open files is too low for 2,000 connections");
        await using TestDaemon daemon = await TestDaemon.Start(["--sockproc-header-seconds", "600"]);
        await JobLoad.Run(daemon.Address, jobs: 100, atOnce: 10);
        long before = ProcessTable.ResidentBytes(daemon.Pid);
        int threads = ProcessTable.Threads(daemon.Pid);
        var idle = new List<SockprocClient>();
        try
        {
            while (idle.Count < connections)
            {
                // Batch by batch, for a backlog that is full refuses.
                idle.AddRange(await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => daemon.Connect())));
                await Eventually.Holds(() => ProcessTable.Descriptors(daemon.Pid) > idle.Count, "all of them are accepted");
            }

            (await daemon.Answers(TimeSpan.FromSeconds(20))).Should().BeTrue();
            (ProcessTable.ResidentBytes(daemon.Pid) - before).Should().BeLessThan(connections * 16L * 1024, "an idle connection holds no buffer");
            await Eventually.Holds(() => ProcessTable.Threads(daemon.Pid) <= threads + 10, "an idle connection holds no thread");
            await QuietSecond.Of(daemon.Pid);
        }
        finally
        {
            idle.ForEach(client => client.Dispose());
        }

        await Eventually.Holds(() => ProcessTable.Descriptors(daemon.Pid) < 300, "all of them are let go");
        daemon.Log.Should().NotContain("this is a fault of the daemon").And.NotContain("TooManyConnections");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Row_98_a_storm_of_connects_fits_the_backlog_and_all_are_answered(bool tcp)
    {
        Assert.SkipUnless(ToolRun.Exists("ss"), "ss is not on PATH");
        await using TestDaemon daemon = await TestDaemon.Start(tcp: tcp);

        // A stopped daemon accepts nothing, so they all wait in the backlog.
        await daemon.Signal("STOP");
        Task<IReadOnlyList<Reply>> replies = JobLoad.AllAtOnce(daemon.Address, 1000, "echo ok");
        await Eventually.Holds(async () => await Waiting(daemon) >= 1000, "a thousand wait");
        await daemon.Signal("CONT");

        (await replies).Should().OnlyContain(reply => reply.Text == "ok\n");
    }

    [Theory]
    [InlineData("")]
    [InlineData("echo never\r\n")]
    public async Task Row_97_a_client_that_sends_a_byte_now_and_then_is_closed_at_the_deadline(string quickly)
    {
        await using TestDaemon daemon = await TestDaemon.Start(["--sockproc-header-seconds", "1"]);
        long start = TimeProvider.System.GetTimestamp();
        SockprocClient[] slow = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => daemon.Connect()));

        Reply[] replies = await Task.WhenAll(slow.Select(async client =>
        {
            await client.Send(quickly);
            Task<Reply> reply = client.ReadReply();
            while (!reply.IsCompleted)
            {
                await client.Send("0");
                await Task.WhenAny(reply, Task.Delay(200, TestContext.Current.CancellationToken));
            }

            return await reply;
        }));

        TimeProvider.System.GetElapsedTime(start).Should().BeGreaterThan(TimeSpan.FromSeconds(1), "until then it might still come");
        replies.Should().OnlyContain(
            reply => reply.Status == -1 && reply.Error == "kuid-jobd: no complete line came within 1 seconds; nothing was run");
        (await daemon.Answers(TimeSpan.FromSeconds(20))).Should().BeTrue();
        Array.ForEach(slow, client => client.Dispose());
    }

    private static async Task<bool> OpenFilesAllow(int files)
    {
        string hard = (await ToolRun.Of("sh", ["-c", "ulimit -Hn"])).Text.Trim();
        return hard == "unlimited" || int.Parse(hard, CultureInfo.InvariantCulture) >= files;
    }

    // The number after LISTEN is how many wait to be accepted (ss(8)).
    private static async Task<int> Waiting(TestDaemon daemon)
    {
        ToolRun run = await ToolRun.Of(
            "ss", daemon.Address.StartsWith('/') ? ["-Hlx", $"src unix:{daemon.Address}"] : ["-Hltn", $"sport = :{daemon.Address}"]);
        string[] words = run.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return int.Parse(words[Array.IndexOf(words, "LISTEN") + 1], CultureInfo.InvariantCulture);
    }
}
