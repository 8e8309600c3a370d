using System.Globalization;
using System.Text;

namespace Kuid.Sockproc.Tests.Conformance;

// Bytes as the exchange files write them: ASCII with \r \n \t \0 \\ \xHH and \{N:b} for a byte N times.
internal static class ExchangeText
{
    internal static byte[] Decode(string text)
    {
        using var bytes = new MemoryStream();
        int at = 0;
        while (at < text.Length)
        {
            if (text.AsSpan(at).StartsWith("\\{"))
            {
                int colon = text.IndexOf(':', at), end = text.IndexOf('}', colon);
                int one = colon + 1;
                byte repeated = Next(text, ref one);
                int times = int.Parse(text.AsSpan(at + 2, colon - at - 2), NumberStyles.None, CultureInfo.InvariantCulture);
                bytes.Write(Enumerable.Repeat(repeated, times).ToArray());
                at = one == end ? end + 1 : throw new FormatException($"more than one byte in {text[at..(end + 1)]}");
            }
            else
            {
                bytes.WriteByte(Next(text, ref at));
            }
        }

        return bytes.ToArray();
    }

    // For messages: long runs and long texts would bury what differs.
    internal static string Encode(ReadOnlySpan<byte> bytes)
    {
        const int Most = 3000;
        var text = new StringBuilder();
        foreach (byte b in bytes[..Math.Min(bytes.Length, Most)])
        {
            text.Append(b switch
            {
                (byte)'\r' => "\\r",
                (byte)'\n' => "\\n",
                (byte)'\\' => "\\\\",
                >= 0x20 and < 0x7f => ((char)b).ToString(),
                _ => $"\\x{b:x2}",
            });
        }

        return bytes.Length > Most ? $"{text}... ({bytes.Length} bytes)" : text.ToString();
    }

    private static byte Next(string text, ref int at)
    {
        char c = text[at++];
        if (c != '\\')
        {
            return char.IsAscii(c) ? (byte)c : throw new FormatException($"{c} is not ASCII");
        }

        char escape = text[at++];
        if (escape == 'x')
        {
            at += 2;
            return byte.Parse(text.AsSpan(at - 2, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        }

        return escape switch
        {
            'r' => (byte)'\r',
            'n' => (byte)'\n',
            't' => (byte)'\t',
            '0' => 0,
            '\\' => (byte)'\\',
            _ => throw new FormatException($"\\{escape} means nothing"),
        };
    }
}
