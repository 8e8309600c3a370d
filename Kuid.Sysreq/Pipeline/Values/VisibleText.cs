using System.Globalization;
using System.Text;

namespace Kuid.Sysreq.Pipeline.Values;

/// <summary>
/// Text of a remote system on a terminal. A name can hold whatever a terminal acts on: escape sequences, line ends, marks that turn
/// the direction of writing. Here these are written out, <c>\n</c>, <c>\x1b</c>, <c>\u{202e}</c>, and do nothing.
/// </summary>
public static class VisibleText
{
    /// <summary>The text with everything that does not print written out.</summary>
    public static string Of(string text) => Of(text, keeps: "");

    /// <summary>The same of bytes; those that are no UTF-8 become <c>\xNN</c>.</summary>
    public static string Of(ReadOnlySpan<byte> bytes) => Of(bytes, keeps: "");

    /// <summary>The same of text of several lines: line ends and tabs stay.</summary>
    public static string OfLines(ReadOnlySpan<byte> bytes) => Of(bytes, keeps: "\n\t");

    private static string Of(string text, string keeps)
    {
        if (text.All(character => character is >= ' ' and <= '~'))
            return text;

        var visible = new StringBuilder(text.Length + 8);
        for (int index = 0; index < text.Length;)
        {
            if (Rune.TryGetRuneAt(text, index, out Rune rune))
            {
                Append(visible, rune, keeps);
                index += rune.Utf16SequenceLength;
            }
            else
            {
                visible.Append(CultureInfo.InvariantCulture, $"\\u{{{(int)text[index++]:x}}}");
            }
        }

        return visible.ToString();
    }

    private static string Of(ReadOnlySpan<byte> bytes, string keeps)
    {
        var visible = new StringBuilder(bytes.Length + 8);
        while (bytes.Length > 0)
        {
            if (Rune.DecodeFromUtf8(bytes, out Rune rune, out int length) == System.Buffers.OperationStatus.Done)
            {
                Append(visible, rune, keeps);
            }
            else
            {
                foreach (byte octet in bytes[..length])
                    visible.Append(CultureInfo.InvariantCulture, $"\\x{octet:x2}");
            }

            bytes = bytes[length..];
        }

        return visible.ToString();
    }

    private static void Append(StringBuilder visible, Rune rune, string keeps)
    {
        bool prints = Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse);
        _ = rune.Value switch
        {
            _ when prints => visible.Append(rune.ToString()),
            _ when rune.IsBmp && keeps.Contains((char)rune.Value, StringComparison.Ordinal) => visible.Append((char)rune.Value),
            '\n' => visible.Append("\\n"),
            '\r' => visible.Append("\\r"),
            '\t' => visible.Append("\\t"),
            < 0x80 => visible.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"),
            _ => visible.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}"),
        };
    }
}
