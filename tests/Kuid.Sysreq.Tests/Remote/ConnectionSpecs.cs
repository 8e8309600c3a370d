using System.Buffers.Binary;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Tests.Remote;

/// <summary>Connections that end, stall, lie or come in crumbs.</summary>
public sealed class ConnectionSpecs
{
    private static readonly byte[] Banner = [.. "kuid-sysreq"u8, 1, 62, 0, 1, 0];

    [Theory, InlineData(Hosts.Local), InlineData(Hosts.Unix), InlineData(Hosts.Exec)]
    public async Task Replies_that_come_byte_by_byte_are_the_same_replies(string host)
    {
        await using var client = await Hosts.ConnectAsync(host, through: inner => new ByteByByteTransport(inner));
        var system = new RemoteSystem(client);

        var names = new List<string>();
        await foreach (var entry in system.ListAsync("/proc/self"))
            names.Add(entry.Name.ToString());

        names.Should().Contain(["stat", "status", "cmdline"]);
        (await system.UnameAsync()).System.ToString().Should().Be("Linux");
    }

    [Fact]
    public async Task A_connection_that_ends_at_any_byte_is_lost_and_counts_what_was_completed()
    {
        // A banner, getpid, mmap, two replies, utsname and a reply: a cut inside each of them and between.
        var whole = 16 + 8 + 8 + 8 + ReplyDecoder.UNameLength + 8;
        for (var bytes = 0; bytes < whole; bytes++)
        {
            var work = async () =>
            {
                await using var client = await SysreqClient.ConnectAsync(new CutTransport(new UnixTransport(SysreqServer.SharedSocket), bytes));
                await new RemoteSystem(client).UnameAsync();
            };

            var lost = (await work.Should().ThrowAsync<ConnectionLostException>($"it ends after {bytes} bytes")).Which;
            lost.Completed.Should().Be(bytes < 24 ? 0 : bytes < 32 ? 1 : bytes < 40 ? 2 : 3);
        }
    }

    [Fact]
    public async Task A_lost_connection_stays_lost_and_says_so_each_time()
    {
        await using var client = await Hosts.ConnectAsync(Hosts.Unix);
        var exit = client.Architecture.FindCall("exit")!.Value.Number;

        var exiting = async () => await client.CallAsync(exit, 3);
        var later = () => new RemoteSystem(client).UnameAsync();

        (await exiting.Should().ThrowAsync<ConnectionLostException>()).Which.Pending.Should().Be(1);
        (await later.Should().ThrowAsync<ConnectionLostException>()).WithMessage(
            "the connection is lost: the server closed it (1 requests completed, 1 unanswered, none is sent again)");
    }

    [Fact]
    public async Task A_call_cancelled_before_it_is_sent_leaves_the_client_in_step()
    {
        await using var client = await Hosts.ConnectAsync(Hosts.Unix);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        var naming = () => new RemoteSystem(client).UnameAsync(cancelled.Token);

        await naming.Should().ThrowAsync<OperationCanceledException>();
        (await new RemoteSystem(client).UnameAsync()).System.ToString().Should().Be("Linux");
    }

    [Fact]
    public async Task A_cancelled_batch_finishes_what_was_sent_and_leaves_the_client_in_step()
    {
        var options = new SysreqClientOptions { MaxReplyBytesInFlight = 1, CancellationGrace = TimeSpan.FromMinutes(1) };
        using var cancel = new CancellationTokenSource();
        var transport = new CancellingTransport(new UnixTransport(SysreqServer.SharedSocket), cancel, afterWrites: 5);
        await using var client = await SysreqClient.ConnectAsync(transport, options);
        var getpid = client.Architecture.FindCall("getpid")!.Value;
        var batch = new Batch();
        for (var i = 0; i < 100; i++)
            batch.Call(getpid);

        var sending = () => client.SendAsync(batch, cancel.Token);

        await sending.Should().ThrowAsync<OperationCanceledException>();
        var answered = batch.Requests.TakeWhile(request => request.IsAnswered).Count();
        answered.Should().BeInRange(1, 99);
        batch.Requests.Take(answered).Should().OnlyContain(request => request.Result == client.Pid);
        batch.Requests.Skip(answered).Should().OnlyContain(request => !request.IsAnswered);
        (await client.CallAsync(getpid.Number)).Should().Be(client.Pid);
    }

    [Fact]
    public async Task A_cancelled_call_that_never_ends_costs_the_connection_and_says_so()
    {
        var options = new SysreqClientOptions { CancellationGrace = TimeSpan.FromMilliseconds(50) };
        await using var client = await Hosts.ConnectAsync(Hosts.Unix, options);
        using var cancel = new CancellationTokenSource();

        // ppoll of nothing without a timeout.
        var waiting = client.CallAsync(client.Architecture.FindCall("ppoll")!.Value.Number, cancellationToken: cancel.Token).AsTask();
        await cancel.CancelAsync();

        (await waiting.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>()).WithMessage("*connection was closed*");
        await client.Awaiting(one => one.CallAsync(39).AsTask()).Should().ThrowAsync<ConnectionLostException>();
    }

    [Fact]
    public async Task A_server_that_sends_no_banner_is_given_up()
    {
        var silent = new ScriptedTransport(stream => stream.ReadExactlyAsync(new byte[1]).AsTask());
        var options = new SysreqClientOptions { ConnectTimeout = TimeSpan.FromMilliseconds(50) };

        var connecting = () => SysreqClient.ConnectAsync(silent, options);

        (await connecting.Should().ThrowAsync<IOException>()).WithMessage("the server did not answer within 0.05 s");
    }

    [Theory]
    [InlineData("c140023f000000000000000000000000", "*TLS variant*")]
    [InlineData("6b7569642d737973726571023e000100", "*speaks version 2*")]
    [InlineData("6b7569642d7379737265710199990000", "*machine is 39321*")]
    public async Task A_banner_of_something_else_is_refused_with_the_reason(string banner, string message)
    {
        var transport = new ScriptedTransport(async stream =>
        {
            await stream.WriteAsync(Convert.FromHexString(banner));
            _ = await stream.ReadAsync(new byte[1]);
        });

        var connecting = () => SysreqClient.ConnectAsync(transport);

        (await connecting.Should().ThrowAsync<AbsurdReplyException>()).WithMessage(message);
    }

    [Fact]
    public async Task A_read_of_more_than_was_asked_for_ends_the_connection()
    {
        await using var client = await SysreqClient.ConnectAsync(Answering(100, 0x7F0000000000, 4097));

        var reading = () => new RemoteSystem(client).ReadAsync(5, 4096);

        (await reading.Should().ThrowAsync<AbsurdReplyException>()).WithMessage("read of at most 4096 bytes was answered with 4097*");
        await client.Awaiting(one => one.CallAsync(39).AsTask()).Should().ThrowAsync<IOException>();
    }

    [Theory, InlineData(0L), InlineData(-4096L), InlineData(0x7F0000000001L), InlineData(long.MaxValue - 15)]
    public async Task Memory_where_there_can_be_none_ends_the_connection(long address)
    {
        await using var client = await SysreqClient.ConnectAsync(Answering(100, address));

        var renting = async () => await client.Scratch.RentAsync(100);

        await renting.Should().ThrowAsync<AbsurdReplyException>();
    }

    [Fact]
    public async Task An_upload_that_stores_less_than_it_was_given_ends_the_connection()
    {
        await using var client = await SysreqClient.ConnectAsync(Answering(100, 0x7F0000000000, 3, 5));

        var opening = () => new RemoteSystem(client).OpenAsync("/etc", OpenFlags.Read);

        (await opening.Should().ThrowAsync<AbsurdReplyException>()).WithMessage("a transfer of 5 bytes was answered with 3*");
    }

    [Theory]
    [InlineData("read", "*upload or a download*")]
    [InlineData("write", "*upload or a download*")]
    [InlineData("fork", "fork is answered by two processes*")]
    [InlineData("clone", "clone is answered by two processes*")]
    [InlineData("execve", "execve is answered by the program*")]
    public async Task A_raw_call_that_is_not_answered_by_one_number_is_refused_before_it_is_sent(string name, string message)
    {
        await using var client = await Hosts.ConnectAsync(Hosts.Unix);
        var before = client.Completed;

        var calling = async () => await client.CallAsync(client.Architecture.FindCall(name)!.Value.Number, 3, 0, 1);

        (await calling.Should().ThrowAsync<ArgumentException>()).WithMessage(message);
        client.Completed.Should().Be(before);
    }

    [Fact]
    public async Task Many_tasks_share_a_connection()
    {
        await using var client = await Hosts.ConnectAsync(Hosts.Unix);
        var system = new RemoteSystem(client);

        var works = Enumerable.Range(0, 50).Select(async i =>
        {
            var status = await system.StatAsync("/dev/null");
            var content = await system.ReadFileAsync("/proc/self/comm");
            return status.SpecialDevice == 0x103 && content.Span.SequenceEqual("kuid-sysreqd\n"u8);
        });

        (await Task.WhenAll(works)).Should().OnlyContain(right => right);
    }

    /// <summary>A server that answers whatever it is asked with these results, one after the other, and then ends.</summary>
    private static ScriptedTransport Answering(params long[] results) => new(async stream =>
    {
        await stream.WriteAsync(Banner);
        var request = new byte[56];
        var reply = new byte[8];
        foreach (var result in results)
        {
            await stream.ReadExactlyAsync(request);
            if (BinaryPrimitives.ReadInt64LittleEndian(request) == 0 && request[8] == 3)
                await stream.ReadExactlyAsync(new byte[BinaryPrimitives.ReadInt64LittleEndian(request.AsSpan(24))]);

            BinaryPrimitives.WriteInt64LittleEndian(reply, result);
            await stream.WriteAsync(reply);
        }

        _ = await stream.ReadAsync(new byte[1]);
    });

    /// <summary>Cancels once the client has written so often.</summary>
    private sealed class CancellingTransport(ITransport inner, CancellationTokenSource cancel, int afterWrites) : ITransport
    {
        public async ValueTask<Stream> OpenAsync(CancellationToken cancellationToken) =>
            new Canceller(await inner.OpenAsync(cancellationToken), cancel, afterWrites);

        private sealed class Canceller(Stream stream, CancellationTokenSource cancel, int afterWrites) : WrappedStream(stream, stream)
        {
            private int _left = afterWrites;

            public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
            {
                await base.WriteAsync(buffer, cancellationToken);
                if (--_left == 0)
                    await cancel.CancelAsync();
            }
        }
    }
}
