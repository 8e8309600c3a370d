using System.Globalization;
using System.Text;

namespace Kuid.Sysreq.Grammar;

/// <summary>
/// A line of source with carets below a stretch of it. A terminal gives some characters two columns and some none, so the second
/// line is made of as many columns as the first; a tab stays a tab in both. Control characters are shown as their pictures: what is
/// printed here may have come from anywhere.
/// </summary>
internal static class SourceExcerpt
{
    // A line longer than this is cut around the place.
    private const int MaxColumns = 160;
    private const int ColumnsBefore = 100;

    // East Asian wide and fullwidth characters and emoji, as terminals draw them (Unicode's EastAsianWidth.txt, W and F, in rough blocks).
    private static readonly (int First, int Last)[] Wide =
    [
        (0x1100, 0x115F), (0x2E80, 0x303E), (0x3041, 0x33FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA000, 0xA4CF), (0xAC00, 0xD7A3),
        (0xF900, 0xFAFF), (0xFE30, 0xFE6F), (0xFF00, 0xFF60), (0xFFE0, 0xFFE6), (0x1F300, 0x1F64F), (0x1F900, 0x1F9FF), (0x20000, 0x3FFFD),
    ];

    internal static string Of(string line, SourceSpan span)
    {
        var text = new StringBuilder();
        var carets = new StringBuilder();
        int first = span.Start.Column;
        int end = span.End.Line == span.Start.Line ? Math.Max(span.End.Column, first + 1) : int.MaxValue;
        int from = first > ColumnsBefore + 1 ? first - ColumnsBefore : 1;
        int column = 0;
        foreach (Rune rune in line.EnumerateRunes())
        {
            column++;
            if (column < from)
            {
                continue;
            }

            if (column >= from + MaxColumns)
            {
                text.Append('…');
                break;
            }

            if (column == from && from > 1)
            {
                text.Append('…');
                carets.Append(' ');
                continue;
            }

            text.Append(Shown(rune));
            if (column < first)
            {
                carets.Append(rune.Value == '\t' ? "\t" : new string(' ', Columns(rune)));
            }
            else if (column < end)
            {
                carets.Append('^', column == first ? Math.Max(Columns(rune), 1) : Columns(rune));
            }
        }

        if (column < first)
        {
            carets.Append('^');
        }

        return $"{text}\n{carets}";
    }

    private static string Shown(Rune rune) => rune.Value switch
    {
        '\t' => "\t",
        < 0x20 => ((char)(0x2400 + rune.Value)).ToString(),
        0x7F => "\u2421",
        >= 0x80 and < 0xA0 => "\uFFFD",
        _ => Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format ? "\uFFFD" : rune.ToString(),
    };

    private static int Columns(Rune rune)
    {
        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark)
        {
            return 0;
        }

        foreach ((int first, int last) in Wide)
        {
            if (rune.Value >= first && rune.Value <= last)
            {
                return 2;
            }
        }

        return 1;
    }
}
