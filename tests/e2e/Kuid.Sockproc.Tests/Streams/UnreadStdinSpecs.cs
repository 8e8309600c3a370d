namespace Kuid.Sockproc.Tests.Streams;

public sealed class UnreadStdinSpecs
{
    private const int MoreThanAnySocketHolds = 20_000_000;

    [Fact]
    public async Task Row_36_A_client_that_first_sends_all_and_then_reads_gets_a_large_reply_to_stdin_that_nobody_read()
    {
        await using TestDaemon daemon = await TestDaemon.Start();
        using SockprocClient client = await daemon.Connect();

        // One after the other, as a blocking client does: it reads nothing before its last byte is sent.
        await client.Send(SockprocClient.Request("head -c 2000000 /dev/zero", new byte[MoreThanAnySocketHolds]))
            .WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Reply reply = await client.ReadReply();

        reply.Status.Should().Be(0);
        reply.Stdout.Should().HaveCount(2_000_000);
    }

    [Fact]
    public async Task A_refused_client_that_never_stops_sending_does_not_keep_its_place()
    {
        await using TestDaemon daemon = await TestDaemon.Start(["--sockproc-connections", "1"]);
        using SockprocClient refused = await daemon.Connect();
        using var enough = new CancellationTokenSource();
        Task sending = SendForEver(refused, enough.Token);
        try
        {
            await Eventually.Holds(
                () => daemon.Answers(TimeSpan.FromSeconds(5)), "the place is free again", TimeSpan.FromSeconds(60));
        }
        finally
        {
            await enough.CancelAsync();
            await sending;
        }
    }

    private static async Task SendForEver(SockprocClient client, CancellationToken enough)
    {
        await client.Send("nul\0");
        byte[] noise = new byte[1000];
        while (!enough.IsCancellationRequested)
        {
            await client.Send(noise);
            await Task.Yield();
        }
    }
}
