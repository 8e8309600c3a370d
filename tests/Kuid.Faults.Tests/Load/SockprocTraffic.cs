using System.Security.Cryptography;

namespace Kuid.Faults.Tests.Load;

/// <summary>What clients of the sockproc door do, on the Unix socket and on the port in turn.</summary>
internal sealed class SockprocTraffic(LoadedDaemon daemon)
{
    private const int MostStdin = 1 << 20;

    internal async Task True(Dice dice)
    {
        Reply reply = await Run(dice, "true");
        Check(reply, 0, [], []);
    }

    internal async Task Uname(Dice dice) => Check(await Run(dice, "uname -s"), 0, "Linux\n"u8, []);

    internal async Task ExitCode(Dice dice)
    {
        int code = dice.Below(256);
        Check(await Run(dice, $"exit {code}"), code << 8, [], []);
    }

    /// <summary>Output that nobody knows before, and its hash beside it.</summary>
    internal async Task RandomOutput(Dice dice)
    {
        Reply reply = await Run(dice, $"head -c {dice.Of(1, 4096, 100_000, 300_000)} /dev/urandom | (tee /dev/fd/3 | sha256sum >&2) 3>&1");
        string expected = Convert.ToHexStringLower(SHA256.HashData(reply.Stdout));
        if (reply.Status != 0 || !reply.Error.StartsWith(expected, StringComparison.Ordinal))
        {
            throw Wrong(reply, $"the hash of {reply.Stdout.Length} bytes of output is {expected}, and its job says {reply.Error}");
        }
    }

    /// <summary>Input that comes back, and that it is the same.</summary>
    internal async Task Stdin(Dice dice)
    {
        byte[] input = RandomNumberGenerator.GetBytes(dice.Of(0, 1, 4096, 65_537, dice.Below(MostStdin)));
        Check(await Run(dice, "cat", input), 0, input, []);
    }

    /// <summary>Leaves anywhere: within the request, after it, within the reply; with an end or a reset.</summary>
    internal async Task HangUp(Dice dice)
    {
        byte[] request = SockprocClient.Request(dice.Of("cat; echo done", "head -c 300000 /dev/zero", "true"), new byte[1000]);
        using SockprocClient client = await SockprocClient.Connect(Address(dice));
        await client.Send(request.AsMemory(0, dice.Below(request.Length + 1)));
        if (dice.OneIn(3))
        {
            client.HalfClose();
        }

        if (dice.OneIn(2))
        {
            client.Reset();
        }
    }

    private string Address(Dice dice) => dice.OneIn(2) ? daemon.Port : daemon.Daemon.Address;

    private async Task<Reply> Run(Dice dice, string command, ReadOnlyMemory<byte> stdin = default)
    {
        string address = Address(dice);
        Reply reply = await SockprocClient.Run(address, command, stdin);
        return reply.Status >= 0 ? reply : throw new RefusedException($"{command} on {address}: {reply.Error}");
    }

    private static void Check(Reply reply, int status, ReadOnlySpan<byte> stdout, ReadOnlySpan<byte> stderr)
    {
        if (reply.Status != status || !reply.Stdout.AsSpan().SequenceEqual(stdout) || !reply.Stderr.AsSpan().SequenceEqual(stderr))
        {
            throw Wrong(reply, $"status {status} with {stdout.Length} and {stderr.Length} bytes was expected");
        }
    }

    private static WrongAnswerException Wrong(Reply reply, string expected) =>
        new($"{expected}; status {reply.Status} with {reply.Stdout.Length} and {reply.Stderr.Length} bytes came: {reply.Error}");
}
