using System.Globalization;
using Kuid.Sysreq.Grammar.Tree;

namespace Kuid.Sysreq.Pipeline.Evaluation.Expansion;

/// <summary>Makes of one word the words that its braces stand for: <c>a{b,c}</c>, <c>{1..5}</c>, <c>{a..e..2}</c>.</summary>
/// <remarks>
/// It comes before every other expansion and looks at the source alone: braces and commas count where they are unquoted, and what
/// <c>$x</c> gives is never looked at. Braces without a comma or a range stay as they are.
/// </remarks>
internal static class BraceExpander
{
    /// <summary>How many words one word may become: a slip such as <c>{1..999999999}</c> ends in an error and not in a full memory.</summary>
    public const int Limit = 100_000;

    /// <summary>The words of a word.</summary>
    /// <exception cref="ExpansionException">They are too many.</exception>
    public static IReadOnlyList<Word> Expand(Word word)
    {
        if (!word.Parts.Any(part => part is LiteralPart literal && literal.Text.Contains('{', StringComparison.Ordinal)))
        {
            return [word];
        }

        List<object> items = Items(word);
        List<List<object>> words = Expand(items);
        return words is [var same] && same == items ? [word] : [.. words.Select(items => new Word(Parts(items)) { Span = word.Span })];
    }

    /// <summary>Unquoted characters one by one, everything else in a piece.</summary>
    private static List<object> Items(Word word)
    {
        var items = new List<object>();
        foreach (WordPart part in word.Parts)
        {
            if (part is LiteralPart literal)
            {
                foreach (char unit in literal.Text)
                {
                    items.Add(unit);
                }
            }
            else
            {
                items.Add(part);
            }
        }

        return items;
    }

    private static NodeList<WordPart> Parts(List<object> items)
    {
        var parts = new List<WordPart>();
        for (int at = 0; at < items.Count;)
        {
            if (items[at] is WordPart part)
            {
                parts.Add(part);
                at++;
                continue;
            }

            int start = at;
            while (at < items.Count && items[at] is char)
            {
                at++;
            }

            parts.Add(new LiteralPart(string.Concat(items[start..at])));
        }

        return new NodeList<WordPart>(parts);
    }

    private static List<List<object>> Expand(List<object> items)
    {
        for (int open = 0; open < items.Count; open++)
        {
            if (items[open] is not '{' || Close(items, open) is not { } close)
            {
                continue;
            }

            List<object> inside = items[(open + 1)..close];
            List<List<object>>? choices = Alternatives(inside) ?? Range(inside);
            if (choices is null)
            {
                continue;
            }

            List<object> before = items[..open];
            List<List<object>> ends = Expand(items[(close + 1)..]);
            if ((long)choices.Count * ends.Count > Limit)
            {
                throw TooMany();
            }

            return [.. choices.SelectMany(choice => ends.Select(end => (List<object>)[.. before, .. choice, .. end]))];
        }

        return [items];
    }

    /// <summary>Where the brace that is open at a place closes.</summary>
    private static int? Close(List<object> items, int open)
    {
        int depth = 0;
        for (int at = open; at < items.Count; at++)
        {
            depth += items[at] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0)
            {
                return at;
            }
        }

        return null;
    }

    private static List<List<object>>? Alternatives(List<object> inside)
    {
        var alternatives = new List<List<object>>();
        int depth = 0;
        int start = 0;
        for (int at = 0; at < inside.Count; at++)
        {
            depth += inside[at] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0 && inside[at] is ',')
            {
                alternatives.AddRange(Expand(inside[start..at]));
                start = at + 1;
            }
        }

        if (start == 0)
        {
            return null;
        }

        alternatives.AddRange(Expand(inside[start..]));
        return alternatives.Count > Limit ? throw TooMany() : alternatives;
    }

    private static List<List<object>>? Range(List<object> inside)
    {
        if (!inside.TrueForAll(item => item is char))
        {
            return null;
        }

        string[] ends = string.Concat(inside).Split("..");
        if (ends.Length is < 2 or > 3)
        {
            return null;
        }

        long step = 1;
        if (ends.Length == 3 && !TryNumber(ends[2], out step))
        {
            return null;
        }

        if (TryNumber(ends[0], out long first) && TryNumber(ends[1], out long last))
        {
            int width = IsPadded(ends[0]) || IsPadded(ends[1]) ? Math.Max(ends[0].Length, ends[1].Length) : 0;
            return Steps(first, last, step, number => Padded(number, width));
        }

        return ends[0] is [var from] && ends[1] is [var to] && char.IsAsciiLetter(from) && char.IsAsciiLetter(to)
            ? Steps(from, to, step, number => ((char)number).ToString())
            : null;
    }

    private static List<List<object>> Steps(long first, long last, long step, Func<long, string> text)
    {
        var distance = (ulong)Math.Abs((decimal)last - first);
        ulong stride = step == 0 ? 1 : (ulong)Math.Abs((decimal)step);
        if (distance / stride >= Limit)
        {
            throw TooMany();
        }

        var steps = new List<List<object>>();
        for (ulong count = 0; count <= distance / stride; count++)
        {
            // The distance may be that of the lowest and the highest number, and wrapping gives the right sum even then.
            long gone = unchecked((long)(count * stride));
            long number = unchecked(first <= last ? first + gone : first - gone);
            steps.Add([.. text(number).Cast<object>()]);
        }

        return steps;
    }

    private static bool TryNumber(string text, out long number) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);

    private static bool IsPadded(string text)
    {
        string digits = text.TrimStart('-', '+');
        return digits.Length > 1 && digits[0] == '0';
    }

    private static string Padded(long number, int width)
    {
        string text = number.ToString(CultureInfo.InvariantCulture);
        return number < 0 ? "-" + text[1..].PadLeft(Math.Max(width - 1, 0), '0') : text.PadLeft(width, '0');
    }

    private static ExpansionException TooMany() => new($"braces give more than {Limit} words");
}
