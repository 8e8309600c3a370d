namespace Kuid.Sockproc.Tests.Conformance;

// The files of tests/conformance against the daemon. All are in one class, so that one runs at a time and the file "ran" is its.
public sealed class ConformanceSpecs(Doors doors)
{
    // Beyond this a delivery byte by byte shows nothing new and takes long.
    private const int LongestByteByByte = 600;

    public static TheoryData<string, Transport> All => Exchanges(_ => true);

    public static TheoryData<string, Transport> Short => Exchanges(e => e.Request.Length <= LongestByteByByte);

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_request_in_one_piece_gets_its_reply(string name, Transport transport) =>
        await Expect(name, transport, "in one piece", []);

    [Theory]
    [MemberData(nameof(Short))]
    public async Task Row_81_a_request_byte_by_byte_gets_the_same_reply(string name, Transport transport)
    {
        int length = Exchange.Load(name).Request.Length;
        await Expect(name, transport, "byte by byte", [.. Enumerable.Range(1, Math.Max(0, length - 1))]);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Row_81_a_request_cut_in_two_anywhere_gets_the_same_reply(string name, Transport transport)
    {
        foreach (int cut in Cuts(Exchange.Load(name).Request))
        {
            await Expect(name, transport, $"cut after {cut} bytes", [cut]);
        }
    }

    private async Task Expect(string name, Transport transport, string manner, int[] cuts)
    {
        TestDaemon daemon = doors[transport];
        string ran = daemon.Folder["ran"];
        File.Delete(ran);
        var exchange = Exchange.Load(name);
        byte[] reply = await Delivery.Exchange(daemon.Address, exchange, cuts);

        if (!reply.AsSpan().SequenceEqual(exchange.Reply))
        {
            ExchangeText.Encode(reply).Should().Be(ExchangeText.Encode(exchange.Reply), $"{name} was sent {manner}");
            reply.Length.Should().Be(exchange.Reply.Length, $"{name} was sent {manner}, and the beginnings are equal");
            Assert.Fail($"{name}: replies of equal length and beginning differ");
        }

        // Had a command started behind the reply's back, it would have done its work before a later one has.
        (await daemon.Run("true")).Status.Should().Be(0);
        File.Exists(ran).Should().BeFalse($"{name}, sent {manner}, must not run");
    }

    // Where a reader could lose its place: around each of the first line ends, at both ends, and in the middle.
    private static IEnumerable<int> Cuts(byte[] request) =>
        LineEnds(request).Take(4).SelectMany(at => new[] { at, at + 1 })
            .Concat([1, request.Length / 2, request.Length - 1])
            .Where(cut => cut > 0 && cut < request.Length)
            .Distinct();

    private static IEnumerable<int> LineEnds(byte[] request) =>
        Enumerable.Range(0, request.Length).Where(i => request[i] is (byte)'\r' or (byte)'\n');

    private static TheoryData<string, Transport> Exchanges(Func<Exchange, bool> wanted)
    {
        var data = new TheoryData<string, Transport>();
        foreach (string name in new[] { "same-as-original", "beyond-original", "refused" }.SelectMany(Exchange.Names))
        {
            if (wanted(Exchange.Load(name)))
            {
                data.Add(name, Transport.Unix);
                data.Add(name, Transport.Tcp);
            }
        }

        return data;
    }
}
