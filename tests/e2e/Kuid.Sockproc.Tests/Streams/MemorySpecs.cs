using System.Globalization;

namespace Kuid.Sockproc.Tests.Streams;

// Everything large, one after the other on one daemon: the replies are right, and its memory does not grow with them.
public sealed class MemorySpecs
{
    private const long MiB = 1024 * 1024;
    private const long MostAboveIdle = 64 * MiB;
    private const long MostSharedMemory = 4 * MiB;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rows_40_64_and_69_large_streams_and_commands_pass_within_64_MiB_above_idle(bool tcp)
    {
        await using TestDaemon daemon = await TestDaemon.Start(tcp: tcp);
        (await daemon.Run("echo warm")).Text.Should().Be("warm\n");
        long idle = ProcessTable.ResidentBytes(daemon.Pid), shared = SharedBytes(daemon.Pid);

        await MuchOnStderr(daemon);
        await MuchThroughCat(daemon);
        await MuchForNobody(daemon);
        await MuchOfEverything(daemon);
        await MuchOutput(daemon);
        await LongCommand(daemon);
        await LineWithoutEnd(daemon);
        await AnnouncedAndNotSent(daemon);

        long peak = ProcessTable.PeakResidentBytes(daemon.Pid) - idle, sharedGrowth = SharedBytes(daemon.Pid) - shared;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"idle {idle / MiB} MiB, peak {peak / MiB} MiB above it, shared memory {sharedGrowth / 1024} KiB above it");
        peak.Should().BeLessThan(MostAboveIdle);
        sharedGrowth.Should().BeLessThan(MostSharedMemory);
    }

    [Fact]
    public async Task Large_output_waits_in_a_nameless_file_of_the_data_folder()
    {
        await using TestDaemon daemon = await TestDaemon.Start(["--sockproc-history-bytes", "50000000"]);
        await daemon.Run("true");
        string[] before = OpenFiles(daemon.Pid);
        using SockprocClient client = await daemon.Connect();
        await client.Send(SockprocClient.Request("head -c 50000000 /dev/zero"));
        await client.Socket.ReceiveAsync(new byte[1], System.Net.Sockets.SocketFlags.None, TestContext.Current.CancellationToken);

        string[] added = [.. OpenFiles(daemon.Pid).Except(before, StringComparer.Ordinal)];

        added.Should().ContainSingle(path => path.StartsWith(daemon.Folder["data"]) && path.EndsWith(" (deleted)"))
            .And.NotContain(path => path.StartsWith("/memfd:") || path.StartsWith("/dev/shm"));
    }

    private static async Task MuchOnStderr(TestDaemon daemon)
    {
        Reply reply = await daemon.Run("head -c 70000 /dev/zero | tr '\\0' e >&2; echo out");
        reply.Text.Should().Be("out\n");
        reply.Error.Should().Be(new string('e', 70_000));
    }

    private static async Task MuchThroughCat(TestDaemon daemon)
    {
        byte[] data = new byte[5_000_000];
        new Random(3).NextBytes(data);
        (await daemon.Run("cat", data)).Stdout.AsSpan().SequenceEqual(data).Should().BeTrue();
    }

    private static async Task MuchForNobody(TestDaemon daemon) =>
        (await daemon.Run("true", new byte[5_000_000])).Should().Match<Reply>(r => r.Status == 0 && r.Stdout.Length + r.Stderr.Length == 0);

    private static async Task MuchOfEverything(TestDaemon daemon)
    {
        Reply reply = await daemon.Run("head -c 1M /dev/zero; wc -c", new byte[3_000_000]);
        reply.Stdout.AsSpan(0, (int)MiB).ContainsAnyExcept((byte)0).Should().BeFalse();
        reply.Text[(int)MiB..].Should().Be("3000000\n");
    }

    private static async Task MuchOutput(TestDaemon daemon)
    {
        const long Count = 300_000_000;
        using SockprocClient client = await daemon.Connect();
        await client.Send(SockprocClient.Request($"yes 'a line of 17 byt' | head -c {Count}"));
        await StreamedReply.ShouldRepeat(client, "a line of 17 byt\n", Count);
    }

    private static async Task LongCommand(TestDaemon daemon)
    {
        string word = new('w', 100_000);
        (await daemon.Run($"printf %s {word}")).Text.Should().Be(word);
    }

    private static async Task LineWithoutEnd(TestDaemon daemon)
    {
        using SockprocClient client = await daemon.Connect();
        await client.Send(Enumerable.Repeat((byte)'x', 100_000_000).ToArray());
        (await client.ReadReply()).Error.Should().Contain("longer than 131071 bytes");
    }

    private static async Task AnnouncedAndNotSent(TestDaemon daemon)
    {
        using SockprocClient client = await daemon.Connect();
        await client.Send("cat > /dev/null; sleep 300\r\n10000000000\r\n");
        await client.Send(new byte[1_000_000]);
        client.HalfClose();
        (await client.ReadReply()).Error.Should().Contain("before all of stdin had arrived");
    }

    private static long SharedBytes(int pid)
    {
        const string Field = "RssShmem:";
        string line = File.ReadLines($"/proc/{pid}/status").Single(l => l.StartsWith(Field, StringComparison.Ordinal));
        return long.Parse(line[Field.Length..].Trim().Split(' ')[0], CultureInfo.InvariantCulture) * 1024;
    }

    private static string[] OpenFiles(int pid) =>
        [.. Directory.EnumerateFiles($"/proc/{pid}/fd").Select(path => new FileInfo(path).LinkTarget ?? string.Empty)];
}
