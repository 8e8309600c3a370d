using System.Diagnostics;
using Kuid.Sockproc.Tests.Jobs;

namespace Kuid.Sockproc.Tests.Connections;

public sealed class DeadlineSpecs
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    [Theory]
    [InlineData("", false)]
    [InlineData("", true)]
    [InlineData("touch ran", false)]
    [InlineData("touch ran\r\n", false)]
    [InlineData("touch ran\r\n0\r", false)]
    [InlineData("touch ran\r\n0\r", true)]
    public async Task A_header_that_does_not_end_is_refused_at_its_deadline(string beginning, bool tcp)
    {
        await using TestDaemon daemon = await TestDaemon.Start(["--sockproc-header-seconds", "1"], tcp);
        var clock = Stopwatch.StartNew();
        using SockprocClient client = await daemon.Connect();
        await client.Send(beginning);

        Reply reply = await client.ReadReply();

        reply.Error.Should().Be("kuid-jobd: no complete line came within 1 seconds; nothing was run");
        clock.Elapsed.Should().BeGreaterThan(TimeSpan.FromSeconds(0.9));
        (await daemon.Run("true")).Status.Should().Be(0);
        File.Exists(daemon.Folder["ran"]).Should().BeFalse();
    }

    [Theory]
    [InlineData("touch ran #", false)]
    [InlineData("touch ran #", true)]
    [InlineData("touch ran\r\n", false)]
    public async Task A_slow_header_is_refused_however_regularly_its_bytes_come(string beginning, bool tcp)
    {
        await using TestDaemon daemon = await TestDaemon.Start(["--sockproc-header-seconds", "1"], tcp);
        using SockprocClient client = await daemon.Connect();
        Task<Reply> refusal = client.ReadReply();
        await client.Send(beginning);

        // The pace of the attack. After the refusal the daemon does not read for ever either; the loop ends with the reply.
        while (await Task.WhenAny(refusal, Task.Delay(Pace, TestContext.Current.CancellationToken)) != refusal)
        {
            await client.Send("0");
            client.Socket.Poll(0, System.Net.Sockets.SelectMode.SelectError).Should().BeFalse();
        }

        (await refusal).Error.Should().Contain("no complete line came within 1 seconds");
        File.Exists(daemon.Folder["ran"]).Should().BeFalse();
    }

    [Fact]
    public async Task Each_line_has_its_own_time()
    {
        await using TestDaemon daemon = await TestDaemon.Start(["--sockproc-header-seconds", "9"]);
        using SockprocClient client = await daemon.Connect();

        // Two lines of 5 s each are within two deadlines of 9 s and not within one.
        await Task.Delay(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        await client.Send("echo in time\r\n");
        await Task.Delay(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        await client.Send("0\r\n");

        (await client.ReadReply()).Text.Should().Be("in time\n");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Row_72_a_pause_within_stdin_ends_the_job(bool tcp)
    {
        await using TestDaemon daemon = await TestDaemon.Start(["--sockproc-stdin-idle-seconds", "4"], tcp);
        using SockprocClient client = await daemon.Connect();
        await client.Send("echo $$ > pid; cat > got; exec sleep 300\r\n10\r\nabc");

        Reply reply = await client.ReadReply();

        reply.Status.Should().Be(-1);
        reply.Error.Should().Contain("paused before all of stdin had arrived; the command was ended");
        (await File.ReadAllTextAsync(daemon.Folder["got"], TestContext.Current.CancellationToken)).Should().Be("abc");
        ProcessTable.IsAlive(await PidFile.Read(daemon, "pid")).Should().BeFalse();
    }

    [Fact]
    public async Task Row_72_stdin_that_comes_a_byte_now_and_then_ends_the_job_where_more_is_asked_for()
    {
        await using TestDaemon daemon = await TestDaemon.Start(["--sockproc-stdin-idle-seconds", "3", "--sockproc-stdin-rate", "100"]);
        using SockprocClient client = await daemon.Connect();
        await client.Send("cat > got\r\n1000000\r\n");
        Task<Reply> reply = client.ReadReply();
        while (await Task.WhenAny(reply, Task.Delay(Pace, TestContext.Current.CancellationToken)) != reply)
        {
            await client.Send("x");
        }

        (await reply).Error.Should().Contain("paused before all of stdin had arrived; the command was ended");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Row_41_a_client_that_takes_its_reply_a_little_now_and_then_is_given_up_and_its_job_has_its_result(bool tcp)
    {
        await using TestDaemon daemon = await TestDaemon.Start(["--sockproc-reply-idle-seconds", "3", "--sockproc-reply-rate", "100000000"], tcp);
        const string Command = "head -c 50000000 /dev/zero";
        await daemon.Run(Command);
        int before = await DescriptorLevel.Of(daemon);
        using SockprocClient client = await daemon.Connect();
        await client.Send(SockprocClient.Request(Command + "; touch done"));
        byte[] little = new byte[100_000];

        await Eventually.Holds(
            async () =>
            {
                // Never a pause, but a megabyte a second where a hundred are asked for.
                await client.Socket.ReceiveAsync(little);
                await Task.Delay(Pace, TestContext.Current.CancellationToken);
                return File.Exists(daemon.Folder["done"]) && ProcessTable.PassingDescriptors(daemon.Pid) <= before;
            },
            "connection and spool file are closed");

        (await client.ReadToEnd()).Length.Should().BeLessThan(49_000_000, "the rest is lost to it");
        (await daemon.Answers(TimeSpan.FromSeconds(20))).Should().BeTrue();
    }

    [Fact]
    public async Task Slow_stdin_without_a_pause_is_no_fault()
    {
        await using TestDaemon daemon = await TestDaemon.Start(["--sockproc-stdin-idle-seconds", "4"]);
        using SockprocClient client = await daemon.Connect();
        await client.Send("cat\r\n6\r\n");
        foreach (char c in "slowly")
        {
            // Six of them are longer than the deadline, one is not.
            await Task.Delay(TimeSpan.FromSeconds(0.8), TestContext.Current.CancellationToken);
            await client.Send(c.ToString());
        }

        (await client.ReadReply()).Text.Should().Be("slowly");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_that_takes_nothing_of_its_reply_is_given_up(bool tcp)
    {
        await using TestDaemon daemon = await TestDaemon.Start(["--sockproc-reply-idle-seconds", "5"], tcp);
        const string Command = "head -c 50000000 /dev/zero";
        await daemon.Run(Command);
        int before = await DescriptorLevel.Of(daemon);

        using SockprocClient client = await daemon.Connect();
        await client.Send(SockprocClient.Request(Command + "; touch done"));

        await Eventually.Holds(() => File.Exists(daemon.Folder["done"]), "the job has ended");
        await Eventually.Holds(() => ProcessTable.PassingDescriptors(daemon.Pid) <= before, "connection and spool file are closed");
        (await client.ReadToEnd()).Length.Should().BeInRange(1, 49_999_999, "it gets what was under way, and no reset");
        (await daemon.Answers(TimeSpan.FromSeconds(20))).Should().BeTrue();
    }
}
