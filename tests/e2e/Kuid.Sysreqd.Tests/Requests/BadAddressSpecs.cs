namespace Kuid.Sysreqd.Tests.Requests;

// Whatever the address, as many bytes move as were announced, and the next request is understood.
public sealed class BadAddressSpecs : IAsyncLifetime
{
    private const int Page = 4096;

    // Bad from the first byte, after some bytes, after a whole page; short, long, and longer than any buffer of the server.
    private static readonly (int Good, int Size)[] Cases =
        [(0, 1), (0, 10), (0, 100_000), (1, 2), (100, 5000), (Page, Page + 1), (Page, 300_000), (Page - 1, 20_000)];

    private Server? _unix;
    private Server? _tcp;

    public static TheoryData<bool, int, int> All
    {
        get
        {
            var data = new TheoryData<bool, int, int>();
            foreach ((int good, int size) in Cases)
            {
                data.Add(false, good, size);
                data.Add(true, good, size);
            }

            return data;
        }
    }

    public async ValueTask InitializeAsync()
    {
        _unix = await Server.Start();
        _tcp = await Server.StartOnPort();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Server? server in new[] { _unix, _tcp })
        {
            if (server is not null)
            {
                await server.DisposeAsync();
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void An_upload_is_drained(bool tcp, int good, int size)
    {
        using Connection connection = Connect(tcp);
        long hole = AddressBeforeHole(connection, tcp, good);

        connection.Upload(hole, [.. Enumerable.Repeat((byte)'x', size)]).Should().Be(Errno.Fault);

        connection.ServingPid().Should().BePositive();
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_download_is_filled_with_zeros(bool tcp, int good, int size)
    {
        using Connection connection = Connect(tcp);
        long hole = AddressBeforeHole(connection, tcp, good);
        if (good > 0)
        {
            connection.Upload(hole, [.. Enumerable.Repeat((byte)'x', good)]).Should().Be(good);
        }

        (byte[] bytes, long reply) = connection.Download(hole, size);

        reply.Should().Be(Errno.Fault);
        bytes.AsSpan(good).IndexOfAnyExcept((byte)0).Should().Be(-1, "what is not there is zeros");
        bytes.AsSpan(0, good).IndexOfAnyExcept((byte)'x', (byte)0).Should().Be(-1, "what is there comes, or zeros");
        connection.ServingPid().Should().BePositive();
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    public void A_negative_size_moves_nothing(long size)
    {
        using Connection connection = _unix!.Connect();
        long scratch = connection.Allocate(1);

        connection.Call(_unix.Abi.Read, 3, scratch, size).Should().Be(Errno.Invalid);
        connection.Call(_unix.Abi.Write, 3, scratch, size).Should().Be(Errno.Invalid);
        connection.ServingPid().Should().BePositive();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    public void No_bytes_are_no_error_wherever(long address)
    {
        using Connection connection = _unix!.Connect();

        connection.Call(_unix.Abi.Read, 3, address, 0).Should().Be(0);
        connection.Call(_unix.Abi.Write, 3, address, 0).Should().Be(0);
    }

    // More than there is memory: the zeros begin, and go on for as long as the client listens.
    [Fact]
    public async Task A_size_beyond_all_memory_is_begun_and_ends_with_the_client()
    {
        int pid;
        using (Connection connection = _unix!.Connect())
        {
            pid = connection.ServingPid();
            connection.Send(Connection.Request(_unix.Abi.Write, 3, 1, 1L << 62));
            connection.Receive(1 << 20).AsSpan().IndexOfAnyExcept((byte)0).Should().Be(-1);
        }

        await Eventually.Holds(() => !ProcessTable.IsAlive(pid), "the serving process ends");
    }

    private Connection Connect(bool tcp) => (tcp ? _tcp : _unix)!.Connect();

    // So many bytes can be used there, and behind them is nothing.
    private long AddressBeforeHole(Connection connection, bool tcp, int good)
    {
        Abi abi = (tcp ? _tcp : _unix)!.Abi;
        long scratch = connection.Allocate(400);
        connection.Call(abi.Munmap, scratch + Page, 399L * Page).Should().Be(0);
        return scratch + Page - good;
    }
}
