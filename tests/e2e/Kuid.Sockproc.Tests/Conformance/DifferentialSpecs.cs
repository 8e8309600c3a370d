namespace Kuid.Sockproc.Tests.Conformance;

public sealed class DifferentialSpecs(Doors doors)
{
    private const int Generated = 400;

    [Theory]
    [InlineData(Transport.Unix)]
    [InlineData(Transport.Tcp)]
    public async Task Row_82_recorded_exchanges_get_the_original_s_replies(Transport transport)
    {
        SkipWithoutTheOriginal();
        using Oracle oracle = await Oracle.Start();
        foreach (string name in Exchange.Names("same-as-original"))
        {
            await Compare(oracle, transport, Exchange.Load(name), name);
        }
    }

    [Theory]
    [InlineData(Transport.Unix, 1)]
    [InlineData(Transport.Tcp, 2)]
    public async Task Row_82_generated_requests_get_the_original_s_replies(Transport transport, int seed)
    {
        SkipWithoutTheOriginal();
        using Oracle oracle = await Oracle.Start();
        var requests = new RandomRequests(seed);
        for (int n = 1; n <= Generated; n++)
        {
            await Compare(oracle, transport, new Exchange(requests.Next(), HalfClose: false, []), $"request {n} of seed {seed}");
        }
    }

    private static void SkipWithoutTheOriginal() => Assert.SkipUnless(
        Oracle.Program is not null, "compares with the original sockproc; SOCKPROC is to be the path of its binary");

    private async Task Compare(Oracle oracle, Transport transport, Exchange exchange, string what)
    {
        Task<byte[]> original = Delivery.Exchange(oracle.Address, exchange, []);
        byte[] ours = await Delivery.Exchange(doors[transport].Address, exchange, []);
        byte[] theirs = await original;
        ours.AsSpan().SequenceEqual(theirs).Should().BeTrue(
            $"{what}, {ExchangeText.Encode(exchange.Request)}, gets {ExchangeText.Encode(theirs)} and here {ExchangeText.Encode(ours)}");
    }
}
