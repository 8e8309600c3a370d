using System.Buffers.Binary;
using Kuid.Sysreq.Remote;
using Kuid.TestKit;

namespace Kuid.Sysreq.Tests.Remote;

/// <summary>
/// Damaged replies: each well-formed at first, as the kernel would store it, then with bytes flipped, numbers made extreme, stretches
/// doubled, moved and cut off. KUID_FUZZ_SEED and KUID_FUZZ_COUNT choose others and more, as for scripts.
/// </summary>
public sealed class ReplyFuzzSpecs(ITestOutputHelper output)
{
    private const long DefaultCount = 20_000;

    // A value may hold names and numbers of what came and a message of its own; nothing is allocated by a length that was only claimed.
    private const long BytesPerReply = 20_000;
    private const long BytesPerByte = 64;

    private static readonly Decoder[] Decoders =
    [
        new("ident", Ident, reply => ReplyDecoder.DecodeIdent(reply)),
        new("getdents64", DirectoryEntries, reply => ReplyDecoder.DecodeDirectoryEntries(reply)),
        new("statx", dice => Zeros(dice, ReplyDecoder.StatXLength), reply => ReplyDecoder.DecodeStatX(reply)),
        new("stat of x86-64", dice => Zeros(dice, ReplyDecoder.LongestStatLength), reply => ReplyDecoder.DecodeStat(Architecture.X8664, reply)),
        new("stat of aarch64", dice => Zeros(dice, 128), reply => ReplyDecoder.DecodeStat(Architecture.Aarch64, reply)),
        new("statfs", dice => Zeros(dice, ReplyDecoder.StatFsLength), reply => ReplyDecoder.DecodeStatFs(reply)),
        new("getcwd", Path, reply => ReplyDecoder.DecodePath(reply)),
        new("clock_gettime", dice => Zeros(dice, 16), reply => ReplyDecoder.DecodeTime(reply)),
        new("uname", dice => Zeros(dice, ReplyDecoder.UNameLength), reply => ReplyDecoder.DecodeUName(reply)),
        new("sysinfo", SysInfo, reply => ReplyDecoder.DecodeSysInfo(reply)),
        new("prlimit64", dice => Zeros(dice, 16), reply => ReplyDecoder.DecodeLimit(reply)),
        new("getgroups", dice => Zeros(dice, 4 * dice.Below(64)), reply => ReplyDecoder.DecodeIds(reply)),
    ];

    [Fact]
    public void Every_reply_that_is_not_damaged_is_a_value()
    {
        for (long round = 0; round < 200 * Decoders.Length; round++)
        {
            Decoder decoder = Decoders[round % Decoders.Length];
            byte[] reply = decoder.WellFormed(new Dice(7, round));
            decoder.Invoking(each => each.Decode(reply)).Should().NotThrow(decoder.Call);
        }
    }

    [Fact]
    public void A_damaged_reply_is_a_value_or_said_to_be_absurd_and_costs_no_more_than_its_length()
    {
        var plan = FuzzPlan.Of(DefaultCount);
        output.WriteLine(plan.ToString());
        (ulong seed, long count) = plan;
        foreach (Decoder decoder in Decoders)
        {
            // The tables of a machine are made at the first call, and are no cost of a reply's.
            decoder.Decode(decoder.WellFormed(new Dice(7, 0)));
        }

        long absurd = 0;
        for (long round = 0; round < count; round++)
        {
            var dice = new Dice(seed, round);
            Decoder decoder = Decoders[dice.Below(Decoders.Length)];
            byte[] reply = decoder.WellFormed(dice);
            for (int damages = dice.Below(4); damages > 0; damages--)
            {
                reply = Damage(dice, reply);
            }

            absurd += IsAbsurd(decoder, reply, $"seed {seed} case {round}: {decoder.Call} of {Convert.ToHexString(reply)}") ? 1 : 0;
        }

        output.WriteLine($"{absurd} absurd, {count - absurd} values");
        absurd.Should().BeInRange(1, count - 1);
    }

    private static bool IsAbsurd(Decoder decoder, byte[] reply, string name)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool isAbsurd = false;
        try
        {
            decoder.Decode(reply);
        }
        catch (AbsurdReplyException)
        {
            isAbsurd = true;
        }
        catch (Exception e)
        {
            throw new InvalidOperationException(name, e);
        }

        if (GC.GetAllocatedBytesForCurrentThread() - before > BytesPerReply + (BytesPerByte * reply.Length))
        {
            throw new InvalidOperationException($"{name} costs more than its length explains");
        }

        return isAbsurd;
    }

    private static byte[] Damage(Dice dice, byte[] reply)
    {
        if (reply.Length == 0)
        {
            return [(byte)dice.Below(256)];
        }

        int at = dice.Below(reply.Length);
        switch (dice.Below(6))
        {
            case 0:
                reply[at] ^= (byte)(1 << dice.Below(8));
                return reply;
            case 1:
                reply[at] = (byte)dice.Below(256);
                return reply;
            case 2:
                ReadOnlySpan<byte> extreme = dice.OneIn(2) ? [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F] : [0, 0, 0, 0, 0, 0, 0, 0x80];
                extreme[..Math.Min(extreme.Length, reply.Length - at)].CopyTo(reply.AsSpan(at));
                return reply;
            case 3:
                return reply[..at];
            case 4:
                return [.. reply[..at], .. reply[dice.Below(reply.Length)..]];
            default:
                return [.. reply, .. reply[at..]];
        }
    }

    private static byte[] Ident(Dice dice)
    {
        byte[] ident = [.. "kuid-sysreq"u8, 1, (byte)(dice.OneIn(2) ? 62 : 183), 0, (byte)dice.Below(8), 0];
        return dice.OneIn(8) ? Convert.FromHexString("4bb1d7484554ae5ee8a43c652051544f") : ident;
    }

    private static byte[] DirectoryEntries(Dice dice)
    {
        var entries = new List<byte>();
        for (int left = dice.Below(30); left > 0; left--)
        {
            int name = 1 + dice.Below(dice.OneIn(10) ? 255 : 20);
            byte[] entry = new byte[(19 + name + 1 + 7) & ~7];
            BinaryPrimitives.WriteInt64LittleEndian(entry, 1 + dice.Below(int.MaxValue));
            BinaryPrimitives.WriteInt64LittleEndian(entry.AsSpan(8), dice.Below(int.MaxValue));
            BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(16), (ushort)entry.Length);
            entry[18] = (byte)dice.Below(15);
            for (int i = 0; i < name; i++)
            {
                byte character = (byte)(1 + dice.Below(255));
                entry[19 + i] = character == (byte)'/' ? (byte)'_' : character;
            }

            entries.AddRange(entry);
        }

        return [.. entries];
    }

    private static byte[] Path(Dice dice) =>
        [.. Enumerable.Range(0, 1 + dice.Below(200)).Select(_ => (byte)(1 + dice.Below(255))), 0, .. new byte[dice.Below(20)]];

    private static byte[] SysInfo(Dice dice)
    {
        byte[] info = Zeros(dice, ReplyDecoder.SysInfoLength);
        BinaryPrimitives.WriteUInt32LittleEndian(info.AsSpan(104), dice.OneIn(2) ? 1u : 4096u);
        return info;
    }

    // Small numbers: a low byte here and there, whose upper neighbours are zero, is well-formed in each of these structures.
    private static byte[] Zeros(Dice dice, int length)
    {
        byte[] reply = new byte[length];
        for (int i = 0; i < length; i += 8)
        {
            reply[i] = (byte)dice.Below(256);
        }

        return reply;
    }

    private sealed record Decoder(string Call, Func<Dice, byte[]> WellFormed, Action<byte[]> Decode);
}
