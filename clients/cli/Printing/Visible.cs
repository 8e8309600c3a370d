using System.Globalization;
using System.Text;

namespace Kuid.Cli.Printing;

/// <summary>Text from elsewhere for a terminal: a job's name must not move the cursor or set the title.</summary>
internal static class Visible
{
    /// <summary>The text with every control and format character spelt out: <c>\n</c>, <c>\u001B</c>.</summary>
    internal static string Of(string text)
    {
        if (!text.Any(IsUnseen))
        {
            return text;
        }

        var visible = new StringBuilder();
        foreach (char c in text)
        {
            _ = c switch
            {
                '\n' => visible.Append("\\n"),
                '\t' => visible.Append("\\t"),
                '\r' => visible.Append("\\r"),
                _ when IsUnseen(c) => visible.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"),
                _ => visible.Append(c),
            };
        }

        return visible.ToString();
    }

    // Format characters turn the direction of what follows them.
    private static bool IsUnseen(char c) => char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
