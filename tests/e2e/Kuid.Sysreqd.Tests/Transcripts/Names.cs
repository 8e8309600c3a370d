using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Kuid.Sysreqd.Tests.Transcripts;

// What the texts of a transcript stand for in one run: the paths of the test, and the numbers its replies have bound.
internal sealed class Names(IReadOnlyDictionary<string, string> paths)
{
    private const short Any = -1;

    private readonly Dictionary<string, long> _numbers = new(StringComparer.Ordinal);

    internal long Number(string expression)
    {
        if (expression[0] == '|')
        {
            return Decode(expression[1..^1]).Length;
        }

        if (expression[0] != '$')
        {
            return long.Parse(expression, CultureInfo.InvariantCulture);
        }

        string[] sum = expression.Split('+', 2);
        return _numbers[sum[0]] + (sum.Length > 1 ? long.Parse(sum[1], CultureInfo.InvariantCulture) : 0);
    }

    // Whether a reply is what is expected; a name that has no number yet takes this one.
    internal bool Agrees(string expression, long reply)
    {
        if (expression[0] == '$')
        {
            _numbers.TryAdd(expression, reply);
        }

        return Number(expression) == reply;
    }

    internal byte[] Bytes(string text) => [.. Decode(text).Select(b => checked((byte)b))];

    internal bool Matches(string text, ReadOnlySpan<byte> bytes)
    {
        short[] pattern = Decode(text);
        bool equal = pattern.Length == bytes.Length;
        for (int i = 0; equal && i < pattern.Length; i++)
        {
            equal = pattern[i] == Any || pattern[i] == bytes[i];
        }

        return equal;
    }

    internal int Length(string text) => Decode(text).Length;

    // Bytes, or Any for one that may be any.
    private short[] Decode(string text)
    {
        List<short> bytes = [];
        for (int at = 0; at < text.Length;)
        {
            bytes.AddRange(Next(text, ref at));
        }

        return [.. bytes];
    }

    private IEnumerable<short> Next(string text, ref int at)
    {
        char c = text[at++];
        if (c != '\\')
        {
            return char.IsAscii(c) ? [(short)c] : throw new FormatException($"{c} is not ASCII");
        }

        char escape = text[at++];
        switch (escape)
        {
            case 'n':
                return [(short)'\n'];
            case '0':
                return [0];
            case '\\':
                return [(short)'\\'];
            case '?':
                return [Any];
            case 'x':
                at += 2;
                return [byte.Parse(text.AsSpan(at - 2, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)];
            case '[':
                return Encoding.UTF8.GetBytes(paths[Until(']', text, ref at)]).Select(b => (short)b);
            case '(':
                byte[] number = new byte[8];
                BinaryPrimitives.WriteInt64LittleEndian(number, Number(Until(')', text, ref at)));
                return number.Select(b => (short)b);
            case '{':
                int times = int.Parse(Until(':', text, ref at), CultureInfo.InvariantCulture);
                short[] repeated = Decode(Until('}', text, ref at));
                return Enumerable.Repeat(repeated, times).SelectMany(b => b);
            default:
                throw new FormatException($"\\{escape} means nothing");
        }
    }

    private static string Until(char end, string text, ref int at)
    {
        int from = at;
        at = text.IndexOf(end, from) + 1;
        return text[from..(at - 1)];
    }
}
