using System.Security.Cryptography;

namespace Kuid.Daemon.Tests;

/// <summary>Row 13: what one connection sends is that connection's alone.</summary>
public sealed class GarbageSpecs
{
    // The first bytes of a TLS 1.2 ClientHello with a random body.
    private static readonly byte[] ClientHello = [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03, .. RandomNumberGenerator.GetBytes(506)];

    private static readonly Dictionary<string, Func<byte[]>> Kinds = new(StringComparer.Ordinal)
    {
        ["TLS"] = () => ClientHello,
        ["random bytes"] = () => RandomNumberGenerator.GetBytes(5000),
        ["many random bytes"] = () => RandomNumberGenerator.GetBytes(500_000),
        ["a huge line"] = () => [.. Enumerable.Repeat((byte)'a', 300_000)],
        ["a huge count"] = () => [.. "touch ran\r\n"u8, .. Enumerable.Repeat((byte)'9', 10_000)],
        ["a negative count"] = () => "touch ran\r\n-1\r\n"u8.ToArray(),
        ["line ends only"] = () => [.. Enumerable.Repeat((byte)'\n', 200_000)],
        ["empty lines"] = () => "\r\n\r\n\r\n\r\n"u8.ToArray(),
        ["NULs"] = () => new byte[10_000],
        ["HTTP"] = () => "GET /;touch$IFS$()ran HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(),
        ["HTTP/2"] = () => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray(),
        ["SSH"] = () => "SSH-2.0-OpenSSH_9.2\r\n"u8.ToArray(),
        ["half a request"] = () => "touch ran\r\n10\r"u8.ToArray(),
        ["cut stdin"] = () => "sleep 1000\r\n10\r\nabc"u8.ToArray(),
        ["nothing"] = () => [],
    };

    public static TheoryData<string> Names => [.. Kinds.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Row_13_garbage_is_answered_and_disturbs_nobody(string kind)
    {
        await using TestDaemon daemon = await TestDaemon.Start(tcp: true);
        Task others = JobLoad.Run(daemon.Address, jobs: 100, atOnce: 4);

        for (int i = 0; i < 10; i++)
        {
            using SockprocClient client = await daemon.Connect();
            await client.Send(Kinds[kind]());
            client.HalfClose();
            (await client.ReadReply()).Should().Match<Reply>(
                reply => reply.Status == -1 && reply.Error.StartsWith("kuid-jobd: ", StringComparison.Ordinal), "of {0}", kind);
            using SockprocClient rude = await daemon.Connect();
            await rude.Send(Kinds[kind]());
            rude.Reset();
        }

        await others;
        (await daemon.Answers(TimeSpan.FromSeconds(20))).Should().BeTrue();
        await Eventually.Holds(() => ProcessTable.Children(daemon.Pid).Count == 0, "no job of theirs runs on");
        File.Exists(daemon.Folder["ran"]).Should().BeFalse();
        daemon.Log.Should().NotContain("this is a fault of the daemon");
        (await daemon.Stop()).Should().Be(0);
    }
}
