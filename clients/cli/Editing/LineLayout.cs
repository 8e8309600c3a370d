using System.Globalization;
using System.Text;
using Kuid.Sysreq.Pipeline.Formats;

namespace Kuid.Cli.Editing;

/// <summary>A row of the screen.</summary>
/// <param name="Text">What stands in it.</param>
/// <param name="GoesOn">Whether the next row is the same line, which the terminal wraps by itself.</param>
internal readonly record struct LayoutRow(string Text, bool GoesOn);

/// <summary>
/// Where everything stands on a screen of some width: the prompt, the text, the continuation prompts of its further lines, and the
/// cursor. Characters take one cell or two; one that does not fit into the rest of a row goes into the next.
/// </summary>
/// <param name="Rows">The rows, at least one.</param>
/// <param name="CursorRow">The cursor's row, from 0.</param>
/// <param name="CursorColumn">The cursor's column, from 0, always inside the width.</param>
internal sealed record LineLayout(IReadOnlyList<LayoutRow> Rows, int CursorRow, int CursorColumn)
{
    /// <summary>Lays a text out.</summary>
    /// <param name="prompt">What stands before its first line.</param>
    /// <param name="continuation">What stands before its other lines.</param>
    /// <param name="width">The columns of the terminal.</param>
    internal static LineLayout Of(string prompt, string continuation, string text, int cursor, int width)
    {
        var rows = new List<LayoutRow>();
        var row = new StringBuilder();
        int column = 0;
        (int Row, int Column) cursorAt = default;
        Put(prompt);
        for (int i = 0; ; i += StringInfo.GetNextTextElementLength(text.AsSpan(i)))
        {
            if (i == cursor)
            {
                cursorAt = (rows.Count, column);
            }

            if (i == text.Length)
            {
                break;
            }

            if (text[i] == '\n')
            {
                EndRow(goesOn: false);
                Put(continuation);
            }
            else
            {
                PutElement(text.Substring(i, StringInfo.GetNextTextElementLength(text.AsSpan(i))));
            }
        }

        // A cursor behind the last cell of the text stands at the beginning of the next row; elsewhere that row is another line's.
        if (cursorAt.Column >= width && cursorAt.Row < rows.Count)
        {
            cursorAt = (cursorAt.Row, width - 1);
        }
        else if (cursorAt.Column >= width)
        {
            EndRow(goesOn: true);
            cursorAt = (rows.Count, 0);
        }

        EndRow(goesOn: false);
        return new LineLayout(rows, cursorAt.Row, cursorAt.Column);

        void Put(string s)
        {
            for (TextElementEnumerator elements = StringInfo.GetTextElementEnumerator(s); elements.MoveNext();)
            {
                PutElement(elements.GetTextElement());
            }
        }

        void PutElement(string element)
        {
            string shown = char.IsControl(element[0]) ? Caret(element[0]) : element;
            int cells = DisplayWidth.Of(shown);
            if (column + cells > width && column > 0)
            {
                // The cursor may wait at the end of this row for the character that did not fit.
                if (cursorAt == (rows.Count, column))
                {
                    cursorAt = (rows.Count + 1, 0);
                }

                EndRow(goesOn: true);
            }

            row.Append(shown);
            column += cells;
        }

        void EndRow(bool goesOn)
        {
            rows.Add(new LayoutRow(row.ToString(), goesOn));
            row.Clear();
            column = 0;
        }
    }

    // ^I, as terminals themselves echo it.
    private static string Caret(char control) => control < ' ' ? $"^{(char)(control + '@')}" : "^?";
}
