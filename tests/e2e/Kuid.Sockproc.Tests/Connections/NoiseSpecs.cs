using System.Text;

namespace Kuid.Sockproc.Tests.Connections;

// Bytes that are no request, by the hundred: each gets a refusal, and the daemon is none the worse for it.
public sealed class NoiseSpecs
{
    private const int Connections = 300;

    [Theory]
    [InlineData(false, 11)]
    [InlineData(true, 12)]
    public async Task Row_77_noise_is_refused_and_leaves_nothing_behind(bool tcp, int seed)
    {
        await using TestDaemon daemon = await TestDaemon.Start(tcp: tcp);
        (await Refused(daemon, "touch ran"u8.ToArray())).Should().BeTrue();
        int before = await DescriptorLevel.Of(daemon);
        var random = new Random(seed);

        for (int n = 0; n < Connections; n++)
        {
            byte[] noise = n % 2 == 0 ? Bytes(random) : Lines(random);
            (await Refused(daemon, noise)).Should().BeTrue($"{Convert.ToHexString(noise)} is no request");
        }

        await Eventually.Holds(() => ProcessTable.PassingDescriptors(daemon.Pid) <= before, "no descriptor is left");
        (await daemon.Answers(TimeSpan.FromSeconds(20))).Should().BeTrue();
        daemon.Log.Should().NotContain("fault of the daemon");
    }

    private static async Task<bool> Refused(TestDaemon daemon, byte[] noise)
    {
        using SockprocClient client = await daemon.Connect();
        await client.Send(noise);
        client.HalfClose();
        return (await client.ReadReply()) is { Status: -1, Stdout: [], Stderr.Length: > 0 };
    }

    private static byte[] Bytes(Random random)
    {
        byte[] bytes = new byte[random.Next(500)];
        random.NextBytes(bytes);
        return bytes;
    }

    // Nearly requests: all that the grammar is made of, only never a digit, so that no count is ever valid.
    private static byte[] Lines(Random random)
    {
        string[] parts = ["\r\n", "\r", "\n", "-", "+", " ", "touch ran", "#", "GET / HTTP/", "status:", "\0", "\u00fc", "e", "x"];
        return Encoding.UTF8.GetBytes(string.Concat(random.GetItems(parts, random.Next(30))));
    }
}
