using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Kuid.Sockproc.Tests.Streams;

// A reply that is compared while it is read, for those that are too long to be kept.
internal static class StreamedReply
{
    private const int Buffer = 256 * 1024;

    // Expects status 0, an empty stderr, and a stdout that is the line over and over, cut at the count.
    internal static async Task ShouldRepeat(SockprocClient client, string line, long count)
    {
        using var stream = new NetworkStream(client.Socket);
        string head = string.Create(CultureInfo.InvariantCulture, $"status:0\r\n{count}\r\n");
        byte[] begin = new byte[head.Length], end = new byte[3];
        await stream.ReadExactlyAsync(begin);
        Encoding.ASCII.GetString(begin).Should().Be(head);

        byte[] expected = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(line, (Buffer / line.Length) + 2)));
        byte[] buffer = new byte[Buffer];
        long at = 0;
        while (at < count)
        {
            int n = await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(Buffer, count - at)));
            n.Should().BePositive($"{count} bytes were announced and {at} came");
            if (!buffer.AsSpan(0, n).SequenceEqual(expected.AsSpan((int)(at % line.Length), n)))
            {
                Assert.Fail($"stdout is wrong between bytes {at} and {at + n}");
            }

            at += n;
        }

        await stream.ReadExactlyAsync(end);
        Encoding.ASCII.GetString(end).Should().Be("0\r\n");
        (await stream.ReadAsync(buffer)).Should().Be(0, "the reply is over");
    }
}
