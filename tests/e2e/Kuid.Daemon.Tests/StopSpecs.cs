using System.Net.Sockets;

namespace Kuid.Daemon.Tests;

/// <summary>Rows 4 and 5: TERM and INT stop the daemon, and nobody who was connected is left without an answer.</summary>
public sealed class StopSpecs
{
    private const string Pidfile = "pid";

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    [InlineData("QUIT")]
    public async Task Row_4_a_job_that_finishes_within_the_grace_period_has_its_whole_reply(string signal)
    {
        await using TestDaemon daemon = await TestDaemon.Start(["--grace", "600"]);
        Task<Reply> reply = daemon.Run(
            "touch started; while [ ! -e go ]; do sleep 0.02; done; head -c 300000 /dev/zero; echo late >&2; exit 5");
        await Eventually.Holds(() => File.Exists(daemon.Folder["started"]), "the job runs");

        await daemon.Signal(signal);
        await Eventually.Holds(() => daemon.Log.Contains("stopping, jobs have 600 s", StringComparison.Ordinal), "it is logged");
        ProcessTable.IsAlive(daemon.Pid).Should().BeTrue("it waits for the job");
        await File.WriteAllTextAsync(daemon.Folder["go"], string.Empty, TestContext.Current.CancellationToken);

        (await reply).Should().BeEquivalentTo(new Reply(5 << 8, new byte[300_000], "late\n"u8.ToArray()));
        (await daemon.WaitForExit()).Should().Be(0);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task An_idle_daemon_ends_at_once_with_0_whatever_the_grace_period_is(string signal)
    {
        await using TestDaemon daemon = await TestDaemon.Start([Pidfile, "--grace", "100000"]);
        File.Exists(daemon.Folder[Pidfile]).Should().BeTrue();

        await daemon.Signal(signal);

        (await daemon.WaitForExit()).Should().Be(0);
        Directory.GetFileSystemEntries(daemon.Folder.Path).Should().Equal([daemon.Folder["data"]], "socket, lock and pidfile are gone");
        Directory.GetFileSystemEntries(daemon.Folder["data"]).Should().BeEquivalentTo(
            [daemon.Folder["data/audit.log"], daemon.Folder["data/history.db"], daemon.Folder["data/spool"], daemon.Folder["data/token"]], "what is kept stays, sockets and locks are gone");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Row_4_new_connections_are_refused_by_connect_while_jobs_finish(bool tcp)
    {
        await using TestDaemon daemon = await TestDaemon.Start(["--grace", "600"], tcp);
        Task<Reply> reply = daemon.Run("touch started; while [ ! -e go ]; do sleep 0.02; done; echo done");
        await Eventually.Holds(() => File.Exists(daemon.Folder["started"]), "the job runs");
        await daemon.Signal("TERM");
        await Eventually.Holds(async () => !await Connects(daemon.Address), "nobody new gets in");

        (await Connects(daemon.Address)).Should().BeFalse();
        await File.WriteAllTextAsync(daemon.Folder["go"], string.Empty, TestContext.Current.CancellationToken);

        (await reply).Text.Should().Be("done\n");
        (await daemon.WaitForExit()).Should().Be(0);
    }

    [Fact]
    public async Task A_client_within_its_header_is_told_that_the_daemon_stops()
    {
        await using TestDaemon daemon = await TestDaemon.Start();
        using SockprocClient client = await daemon.Connect();
        await client.Send("touch ran\r\n");
        (await daemon.Answers(TimeSpan.FromSeconds(20))).Should().BeTrue("the connection was accepted before this one");

        await daemon.Signal("TERM");

        Reply reply = await client.ReadReply();
        (reply.Status, reply.Error).Should().Be((-1, "kuid-jobd: the daemon is stopping; nothing was run"));
        client.Dispose();
        (await daemon.WaitForExit()).Should().Be(0);
        File.Exists(daemon.Folder["ran"]).Should().BeFalse();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Row_4_under_load_every_client_that_connects_is_answered(bool tcp)
    {
        await using TestDaemon daemon = await TestDaemon.Start(["--grace", "600"], tcp);
        int answered = 0;
        async Task ClientUntilRefused()
        {
            while (true)
            {
                SockprocClient client;
                try
                {
                    client = await daemon.Connect();
                }
                catch (SocketException)
                {
                    return;
                }

                using (client)
                {
                    await client.Send(SockprocClient.Request("echo ok"));
                    Reply reply;
                    try
                    {
                        reply = await client.ReadReply();
                    }
                    catch (SocketException) when (tcp)
                    {
                        // TCP cannot stop taking connections before it closes, so the last moment may reset one.
                        return;
                    }

                    (reply.Text is "ok\n" || reply.Error.Contains("is stopping", StringComparison.Ordinal)).Should().BeTrue();
                    Interlocked.Increment(ref answered);
                }
            }
        }

        Task[] clients = [.. Enumerable.Range(0, 60).Select(_ => ClientUntilRefused())];
        await Eventually.Holds(() => answered > 200, "the load is on");
        await daemon.Signal("TERM");

        await Task.WhenAll(clients);
        (await daemon.WaitForExit()).Should().Be(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_client_that_does_not_take_its_reply_does_not_hold_up_the_stop(int signals)
    {
        await using TestDaemon daemon = await TestDaemon.Start(
            ["--grace", signals == 1 ? "1" : "600", "--sockproc-reply-idle-seconds", "600", "--log-level", "debug"]);
        using SockprocClient client = await daemon.Connect();
        await client.Send(SockprocClient.Request("head -c 5000000 /dev/zero"));
        await Eventually.Holds(() => daemon.Log.Contains("job 1: Succeeded", StringComparison.Ordinal), "the job is over");

        for (int i = 0; i < signals; i++)
        {
            await daemon.Signal("TERM");
            await Eventually.Holds(() => daemon.Log.Contains(i == 0 ? ": stopping" : "a second signal", StringComparison.Ordinal), "it is logged");
        }

        (await daemon.WaitForExit()).Should().Be(0);
    }

    private static async Task<bool> Connects(string address)
    {
        try
        {
            using SockprocClient client = await SockprocClient.Connect(address);
            return true;
        }

        // A reset is for one that had got as far as the backlog when the socket was closed.
        catch (SocketException e) when (
            e.SocketErrorCode is SocketError.ConnectionRefused or SocketError.AddressNotAvailable or SocketError.ConnectionReset)
        {
            return false;
        }
    }
}
