namespace Kuid.Sockproc.Tests.Streams;

public sealed class BytesSpecs(Doors doors)
{
    private static readonly byte[] Every = [.. Enumerable.Range(0, 256).Select(n => (byte)n)];

    [Theory]
    [InlineData(Transport.Unix)]
    [InlineData(Transport.Tcp)]
    public async Task Row_74_every_byte_value_passes_through_stdin_stdout_and_stderr(Transport transport)
    {
        Reply reply = await doors[transport].Run("tee /dev/stderr", Every);

        reply.Stdout.Should().Equal(Every);
        reply.Stderr.Should().Equal(Every);
    }

    [Fact]
    public async Task Row_74_a_byte_that_is_no_text_is_one_byte()
    {
        (await doors.Unix.Run("printf '\\377'")).Stdout.Should().Equal(0xff);
    }

    [Fact]
    public async Task Both_streams_at_once_keep_their_bytes_apart()
    {
        // Blocks that alternate and together exceed what two pipes hold.
        Reply reply = await doors.Unix.Run(
            "i=0; while [ $i -lt 40 ]; do head -c 10000 /dev/zero | tr '\\0' o; head -c 7000 /dev/zero | tr '\\0' e >&2; i=$((i+1)); done");

        reply.Text.Should().Be(new string('o', 400_000));
        reply.Error.Should().Be(new string('e', 280_000));
    }

    [Fact]
    public async Task Many_clients_at_once_get_each_its_own()
    {
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 200), new ParallelOptions { MaxDegreeOfParallelism = 40 }, async (n, _) =>
            {
                byte[] mine = new byte[20_000];
                new Random(n).NextBytes(mine);
                Reply reply = await doors[n % 2 == 0 ? Transport.Unix : Transport.Tcp].Run($"cat; exit {n % 100}", mine);
                reply.Status.Should().Be((n % 100) << 8);
                reply.Stdout.AsSpan().SequenceEqual(mine).Should().BeTrue();
            });
    }
}
