using System.Globalization;
using Kuid.TestKit;

namespace Kuid.Jobd.Tests.Sockproc;

/// <summary>Writes well-formed requests: the format read as a grammar, with odd but allowed bytes on purpose.</summary>
internal static class RequestGrammar
{
    private static readonly byte[][] Commands =
    [
        [.. "cat"u8], [.. "echo hi"u8], [.. "echo one\necho two"u8], [.. "a\rb"u8], [.. "kill -9 $$"u8],
        [.. "echo HTTP/1.1"u8], [.. "exit 3"u8], [.. "printf '\\377'"u8], [],
    ];

    /// <summary>Appends a request within the limits.</summary>
    internal static void Append(List<byte> to, Dice dice, ReadLimits limits)
    {
        AppendCommand(to, dice, limits.Command);
        to.AddRange("\r\n"u8);
        int stdin = (int)Math.Min(dice.Below(40), limits.Stdin);
        AppendCount(to, dice, stdin);
        for (int i = 0; i < stdin; i++)
        {
            to.Add(dice.Byte());
        }
    }

    private static void AppendCommand(List<byte> to, Dice dice, int limit)
    {
        byte[] known = Commands[dice.Below(Commands.Length)];
        if (known.Length <= limit && dice.OneIn(2))
        {
            to.AddRange(known);
            return;
        }

        // Mostly short; the limit itself often enough where it is small, and now and then where it is not.
        bool longest = dice.OneIn(limit < 1000 ? 4 : 2000);
        int length = longest ? limit : dice.Below(Math.Min(limit, 40));
        byte last = 0;
        for (int i = 0; i < length; i++)
        {
            byte next = (byte)(1 + dice.Below(255));
            last = next == '\n' && last == '\r' ? (byte)'x' : next;
            to.Add(last);
        }
    }

    private static void AppendCount(List<byte> to, Dice dice, int count)
    {
        Span<byte> digits = stackalloc byte[10];
        count.TryFormat(digits, out int length, provider: CultureInfo.InvariantCulture);
        for (int zeros = dice.OneIn(8) ? dice.Below(33 - length) : 0; zeros > 0; zeros--)
        {
            to.Add((byte)'0');
        }

        to.AddRange(digits[..length]);
        to.AddRange("\r\n"u8);
    }
}
