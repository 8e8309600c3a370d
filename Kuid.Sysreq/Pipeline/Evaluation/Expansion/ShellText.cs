using System.Buffers;
using System.Text;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Evaluation.Expansion;

/// <summary>
/// Text as words and variables hold it.
/// </summary>
/// <remarks>
/// Names of files are bytes, and most of them are UTF-8. So that <c>for f in *; do cat "$f"; done</c> finds every file again, a byte
/// that is no part of a character stands in a string as a lone surrogate, U+DC80 to U+DCFF, which no valid text has. Patterns, lengths
/// and quoting then work on strings, and what leaves the evaluator has the bytes that came in.
/// </remarks>
internal static class ShellText
{
    private const int EscapeBase = 0xDC00;

    /// <summary>The text of bytes; every byte comes back from <see cref="BytesOf(string)"/>.</summary>
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        if (System.Text.Unicode.Utf8.IsValid(bytes))
        {
            return Encoding.UTF8.GetString(bytes);
        }

        var text = new StringBuilder(bytes.Length);
        Span<char> units = stackalloc char[2];
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out Rune rune, out int taken) == OperationStatus.Done)
            {
                text.Append(units[..rune.EncodeToUtf16(units)]);
            }
            else
            {
                foreach (byte escaped in bytes[..taken])
                {
                    text.Append((char)(EscapeBase + escaped));
                }
            }

            bytes = bytes[taken..];
        }

        return text.ToString();
    }

    /// <summary>The text of a value, as it stands in a word.</summary>
    public static string Of(Value value) => value switch
    {
        StringValue text => text.Text,
        BytesValue bytes => Of(bytes.Bytes.Span),
        _ => ValueText.Of(value),
    };

    /// <summary>The bytes of a text.</summary>
    public static byte[] BytesOf(string text)
    {
        if (!HasEscapes(text))
        {
            return Encoding.UTF8.GetBytes(text);
        }

        var bytes = new ArrayBufferWriter<byte>(text.Length + 16);
        for (int at = 0; at < text.Length;)
        {
            Span<byte> room = bytes.GetSpan(4);
            if (Rune.TryGetRuneAt(text, at, out Rune rune))
            {
                bytes.Advance(rune.EncodeToUtf8(room));
                at += rune.Utf16SequenceLength;
                continue;
            }

            if (IsEscape(text[at]))
            {
                room[0] = (byte)(text[at] - EscapeBase);
                bytes.Advance(1);
            }
            else
            {
                bytes.Advance(Rune.ReplacementChar.EncodeToUtf8(room));
            }

            at++;
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Text where the bytes are UTF-8, else bytes.</summary>
    public static Value ToValue(string text) =>
        HasEscapes(text) ? Value.FromBytes(BytesOf(text)) : new StringValue(text);

    /// <summary>The characters of a text: code points, and a lone surrogate for a byte that is none.</summary>
    public static int[] CharactersOf(string text)
    {
        var characters = new int[text.Length];
        int count = 0;
        for (int at = 0; at < text.Length; count++)
        {
            if (Rune.TryGetRuneAt(text, at, out Rune rune))
            {
                characters[count] = rune.Value;
                at += rune.Utf16SequenceLength;
            }
            else
            {
                characters[count] = text[at++];
            }
        }

        return count == characters.Length ? characters : characters[..count];
    }

    /// <summary>How many characters a text has.</summary>
    public static int LengthOf(string text)
    {
        int pairs = 0;
        for (int at = 1; at < text.Length; at++)
        {
            if (char.IsSurrogatePair(text[at - 1], text[at]))
            {
                pairs++;
            }
        }

        return text.Length - pairs;
    }

    private static bool IsEscape(char unit) => unit is >= '\uDC80' and <= '\uDCFF';

    private static bool HasEscapes(string text)
    {
        for (int at = 0; at < text.Length; at++)
        {
            if (char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]))
            {
                at++;
            }
            else if (char.IsSurrogate(text[at]))
            {
                return true;
            }
        }

        return false;
    }
}
