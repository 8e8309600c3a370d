using System.Net.Sockets;

namespace Kuid.Sockproc.Tests.Connections;

// A close with unread bytes resets a connection, and a client that still sends would lose the reply. Each client here sends
// everything first, every send must succeed, and only then it reads; the kit's ReadToEnd throws on a reset.
public sealed class NoResetSpecs(Doors doors)
{
    private const int Much = 5_000_000;

    [Theory]
    [InlineData("true\r\n0\r\n", "status:0\r\n0\r\n0\r\n", Transport.Unix)]
    [InlineData("true\r\n0\r\n", "status:0\r\n0\r\n0\r\n", Transport.Tcp)]
    [InlineData("cat\r\n1\r\n", "status:0\r\n1\r\nx0\r\n", Transport.Unix)]
    [InlineData("cat\r\n1\r\n", "status:0\r\n1\r\nx0\r\n", Transport.Tcp)]
    public async Task Row_80_five_megabytes_of_surplus_are_taken_and_dropped(string header, string reply, Transport transport)
    {
        (await SendAllThenRead(header, transport)).Should().Be(reply);
    }

    [Theory]
    [InlineData(Transport.Unix)]
    [InlineData(Transport.Tcp)]
    public async Task Row_80_five_megabytes_of_stdin_that_nobody_reads_are_no_error(Transport transport)
    {
        (await SendAllThenRead($"true\r\n{Much}\r\n", transport)).Should().Be("status:0\r\n0\r\n0\r\n");
    }

    [Theory]
    [InlineData("a bad count\r\n-5\r\n", Transport.Unix)]
    [InlineData("a bad count\r\n-5\r\n", Transport.Tcp)]
    [InlineData("a NUL\0", Transport.Unix)]
    [InlineData("a NUL\0", Transport.Tcp)]
    [InlineData("a line without end ", Transport.Unix)]
    [InlineData("a line without end ", Transport.Tcp)]
    [InlineData("POST / HTTP/1.1\r\n", Transport.Unix)]
    [InlineData("POST / HTTP/1.1\r\n", Transport.Tcp)]
    public async Task Row_80_the_rest_of_a_refused_request_is_taken_and_dropped(string header, Transport transport)
    {
        (await SendAllThenRead(header, transport)).Should().StartWith("status:-1\r\n0\r\n").And.EndWith("nothing was run");
    }

    [Fact]
    public async Task Output_before_all_of_the_input_waits_for_the_client_to_read()
    {
        string reply = await SendAllThenRead($"head -c 1000000 /dev/zero; wc -c\r\n{Much}\r\n", Transport.Tcp);

        reply.Should().StartWith("status:0\r\n1000008\r\n\0").And.EndWith($"\0{Much}\n0\r\n").And.HaveLength(1_000_030);
    }

    private async Task<string> SendAllThenRead(string header, Transport transport)
    {
        using SockprocClient client = await doors[transport].Connect();
        await SendAll(client.Socket, System.Text.Encoding.UTF8.GetBytes(header));
        byte[] rest = new byte[Much];
        rest.AsSpan().Fill((byte)'x');
        await SendAll(client.Socket, rest);
        client.HalfClose();
        return System.Text.Encoding.UTF8.GetString(await client.ReadToEnd());
    }

    // Unlike the kit's Send it does not forgive a broken pipe.
    private static async Task SendAll(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None, patience.Token)..];
        }
    }
}
