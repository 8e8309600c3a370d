using System.Buffers.Binary;

namespace Kuid.Sysreqd.Tests.Requests;

// However the bytes arrive, the same requests are run, and one that arrives in part is not.
public sealed class DeliverySpecs : IAsyncLifetime
{
    private const int Pipelined = 50_000;

    private Server? _server;

    private Server Server => _server!;

    private Abi Abi => Server.Abi;

    public async ValueTask InitializeAsync() => _server = await Server.Start();

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [Fact]
    public void One_byte_at_a_time()
    {
        using Connection connection = Server.Connect();
        long scratch = connection.Allocate(1);

        byte[] session =
        [
            .. Connection.Request(Abi.Read, 3, scratch, 5), .. "hello"u8,
            .. Connection.Request(Abi.Write, 3, scratch, 5),
            .. Connection.Request(Abi.Close, 999),
        ];
        foreach (byte b in session)
        {
            connection.Send(b);
        }

        connection.ReceiveReply().Should().Be(5);
        connection.Receive(5).Should().Equal("hello"u8.ToArray());
        connection.ReceiveReply().Should().Be(5);
        connection.ReceiveReply().Should().Be(Errno.BadFile);
    }

    // mkdirat would be seen in the folder; the file system is looked at when the process that served has said its last.
    [Fact]
    public void Cut_at_any_position_it_is_not_run()
    {
        for (int size = 0; size < Connection.RequestSize; size++)
        {
            using Connection connection = Server.Connect();
            long scratch = connection.Allocate(1);
            connection.UploadPath(scratch, Server.Folder["made"]);

            connection.Send(Connection.Request(Abi.Mkdirat, -100, scratch, 448)[..size]);
            connection.EndSending();

            connection.IsAtEnd().Should().BeTrue($"{size} bytes are no request");
            Directory.Exists(Server.Folder["made"]).Should().BeFalse($"{size} bytes are no request");
        }
    }

    [Fact]
    public void Whole_it_is_run_though_the_client_says_no_more()
    {
        using Connection connection = Server.Connect();
        long scratch = connection.Allocate(1);
        connection.UploadPath(scratch, Server.Folder["made"]);

        connection.Send(Connection.Request(Abi.Mkdirat, -100, scratch, 448));
        connection.EndSending();

        connection.ReceiveReply().Should().Be(0);
        connection.IsAtEnd().Should().BeTrue();
        Directory.Exists(Server.Folder["made"]).Should().BeTrue();
    }

    [Fact]
    public void An_upload_that_is_cut_has_no_reply()
    {
        using Connection connection = Server.Connect();
        long scratch = connection.Allocate(1);

        connection.Send([.. Connection.Request(Abi.Read, 3, scratch, 10), .. "nine byte"u8]);
        connection.EndSending();

        connection.IsAtEnd().Should().BeTrue();
    }

    [Fact]
    public async Task Tens_of_thousands_in_flight_are_answered_in_order()
    {
        using Connection connection = Server.Connect();
        long pid = connection.ServingPid();
        byte[] requests = [.. Enumerable.Range(0, Pipelined)
            .SelectMany(i => i % 2 == 0 ? Connection.Request(Abi.Getpid) : Connection.Request(Abi.Close, 1000 + i))];

        // Neither side may block, so somebody else sends while the replies are read.
        Task sending = Task.Run(() => connection.Send(requests), TestContext.Current.CancellationToken);
        byte[] replies = connection.Receive(Pipelined * Connection.ReplySize);
        await sending;

        for (int i = 0; i < Pipelined; i++)
        {
            long reply = BinaryPrimitives.ReadInt64LittleEndian(replies.AsSpan(i * Connection.ReplySize));
            reply.Should().Be(i % 2 == 0 ? pid : Errno.BadFile, $"that is the answer to request {i}");
        }
    }

    [Fact]
    public void A_megabyte_goes_up_and_comes_down()
    {
        byte[] bytes = new byte[1 << 20];
        new Random(1).NextBytes(bytes);
        using Connection connection = Server.Connect();
        long scratch = connection.Allocate(bytes.Length / 4096);

        connection.Upload(scratch, bytes).Should().Be(bytes.Length);
        (byte[] got, long reply) = connection.Download(scratch, bytes.Length);

        reply.Should().Be(bytes.Length);
        got.AsSpan().SequenceEqual(bytes).Should().BeTrue();
    }

    [Fact]
    public void Exit_has_no_reply()
    {
        using Connection connection = Server.Connect();

        connection.Send(Connection.Request(Abi.Exit, 3));

        connection.IsAtEnd().Should().BeTrue();
    }
}
