using System.Buffers.Binary;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Tests.Remote;

/// <summary>A server that keeps the framing and otherwise answers at random: nothing that it says may do more than fail a call.</summary>
public sealed class LyingServerSpecs
{
    private const int Seeds = 60;
    private const int MostRequests = 300;

    private static readonly byte[] Banner = [.. "kuid-sysreq"u8, 1, 62, 0, 1, 0];

    public static TheoryData<string> Works => new(TheWorks.Keys);

    private static readonly Dictionary<string, Func<RemoteSystem, Task>> TheWorks = new(StringComparer.Ordinal)
    {
        ["list"] = async system =>
        {
            await foreach (var entry in system.ListAsync("/"))
                entry.Name.IsEmpty.Should().BeFalse();
        },
        ["list many"] = system => system.ListAllAsync(["/a", "/b", "/c"]),
        ["stat"] = system => system.StatAllAsync(["/a", "/b", "/c"]),
        ["stat files"] = system => system.StatFileSystemAllAsync(["/a", "/b"]),
        ["read link"] = system => system.ReadLinkAllAsync(["/a", "/b", "/c"]),
        ["read many"] = async system =>
        {
            await foreach (var content in system.ReadFilesAsync(["/a", "/b", "/c"], 100))
                content.Bytes.Length.Should().BeLessThanOrEqualTo(100);
        },
        ["read"] = system => system.ReadFileAsync("/a", 1000),
        ["write"] = system => system.WriteAsync(5, new byte[3000]),
        ["names"] = async system => (await system.UnameAsync()).ToString(),
        ["system"] = async system => (await system.SysinfoAsync()).ToString(),
        ["folder"] = async system => (await system.WorkingDirectoryAsync()).ToString(),
        ["ids"] = system => system.GetIdsAsync(),
        ["log"] = system => system.SyslogAsync(10_000),
        ["time"] = async system => (await system.GetTimeAsync()).ToDateTimeOffset(),
        ["program"] = async system =>
        {
            await foreach (var output in system.RunAsync(RemoteProgram.Of("/bin/x") with { Input = new MemoryStream(new byte[100]) }))
                output.Bytes.Length.Should().BeLessThanOrEqualTo(64 * 1024);
        },
    };

    [Theory, MemberData(nameof(Works))]
    public async Task Whatever_it_answers_a_call_gives_a_value_or_fails_in_a_known_way(string work)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            try
            {
                await using var client = await SysreqClient.ConnectAsync(Liar(seed));
                await TheWorks[work](new RemoteSystem(client)).WaitAsync(TimeSpan.FromMinutes(1));
            }
            catch (Exception error) when (error is SysreqException or AbsurdReplyException or ConnectionLostException)
            {
                // These are the known ways.
            }
        }
    }

    private static ScriptedTransport Liar(int seed) => new(async stream =>
    {
        var random = new Random(seed);
        var header = new byte[56];
        var memory = 0x7F0000000000L;
        await stream.WriteAsync(Banner);
        for (var request = 0; request < MostRequests; request++)
        {
            await stream.ReadExactlyAsync(header);
            var (number, first, length) = (Field(0), Field(1), Field(3));
            var isTransfer = first == 3 && number is 0 or 1;
            if (isTransfer && number == 0)
                await stream.ReadExactlyAsync(new byte[length]);

            if (isTransfer && number == 1)
                await stream.WriteAsync(Lies(random, (int)length));

            var reply = new byte[8];
            var isMemory = number == 9 && random.Next(20) > 0;
            BinaryPrimitives.WriteInt64LittleEndian(
                reply, request == 0 ? 77 : isTransfer && random.Next(50) > 0 ? length : isMemory ? memory += 1 << 30 : Lie(random, length));
            await stream.WriteAsync(reply);
        }

        long Field(int index) => BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(index * 8));
    });

    private static long Lie(Random random, long length) => random.Next(9) switch
    {
        0 => 0,
        1 => -random.Next(1, 4096),
        2 => random.Next(300),
        3 => length,
        4 => length + 1,
        5 => random.NextInt64(long.MinValue, long.MaxValue),
        6 => -38,
        7 => random.Next(5, 20),
        _ => length / 2,
    };

    /// <summary>Random bytes, zeros, or something like directory entries with one thing wrong.</summary>
    private static byte[] Lies(Random random, int length)
    {
        var bytes = new byte[length];
        if (random.Next(3) == 0)
            random.NextBytes(bytes);

        if (random.Next(2) == 0)
        {
            for (var i = 0; i + 24 <= length; i += 24)
            {
                bytes[i + 16] = (byte)(random.Next(10) == 0 ? random.Next(256) : 24);
                bytes[i + 17] = 0;
                bytes[i + 19] = (byte)'n';
                bytes[i + 20] = (byte)(random.Next(10) == 0 ? '/' : 0);
            }
        }

        return bytes;
    }
}
