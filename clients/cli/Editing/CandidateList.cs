using System.Text;
using Kuid.Sysreq.Pipeline.Formats;

namespace Kuid.Cli.Editing;

/// <summary>Words in columns, read from top to bottom, as ls(1) lists names.</summary>
internal static class CandidateList
{
    private const int Most = 200;
    private const int Gap = 2;

    /// <summary>The lines, each with its end.</summary>
    internal static string Render(IReadOnlyList<string> words, int width)
    {
        IReadOnlyList<string> shown = words.Count > Most ? [.. words.Take(Most)] : words;
        int cells = shown.Max(DisplayWidth.Of) + Gap;
        int columns = Math.Max(1, width / cells);
        int rows = (shown.Count + columns - 1) / columns;
        var text = new StringBuilder();
        for (int row = 0; row < rows; row++)
        {
            for (int i = row; i < shown.Count; i += rows)
            {
                text.Append(shown[i]);
                if (i + rows < shown.Count)
                {
                    text.Append(' ', cells - DisplayWidth.Of(shown[i]));
                }
            }

            text.Append("\r\n");
        }

        return words.Count > Most ? text.Append("and ").Append(words.Count - Most).Append(" more\r\n").ToString() : text.ToString();
    }
}
