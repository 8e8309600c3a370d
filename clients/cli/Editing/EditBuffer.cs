using System.Globalization;

namespace Kuid.Cli.Editing;

/// <summary>
/// A text that is being typed, and the cursor in it. It moves and deletes by what people call a character: a letter with its
/// accents, a flag, a family. The text may have several lines; the keys that speak of a line mean the cursor's.
/// </summary>
internal sealed class EditBuffer
{
    private string _killed = string.Empty;

    /// <summary>The text.</summary>
    internal string Text { get; private set; } = string.Empty;

    /// <summary>How many UTF-16 units lie before the cursor.</summary>
    internal int Cursor { get; private set; }

    private int LineStart => Cursor == 0 ? 0 : Text.LastIndexOf('\n', Cursor - 1) + 1;

    private int LineEnd => Text.IndexOf('\n', Cursor) is >= 0 and int end ? end : Text.Length;

    /// <summary>Another text, with the cursor at its end.</summary>
    internal void Set(string text) => Set(text, text.Length);

    /// <summary>Another text, with the cursor at a place.</summary>
    internal void Set(string text, int cursor) => (Text, Cursor) = (text, cursor);

    /// <summary>Puts a text where the cursor is.</summary>
    internal void Insert(string text) => Replace(Cursor, Cursor, text);

    /// <summary>Puts a text in the place of another, and the cursor behind it.</summary>
    internal void Replace(int start, int end, string text) => Set(string.Concat(Text.AsSpan(0, start), text, Text.AsSpan(end)), start + text.Length);

    internal void MoveLeft() => Cursor = Before(Cursor);

    internal void MoveRight() => Cursor = After(Cursor);

    internal void MoveWordLeft() => Cursor = WordLeft(IsOfWord);

    internal void MoveWordRight() => Cursor = WordRight();

    internal void MoveToLineStart() => Cursor = LineStart;

    internal void MoveToLineEnd() => Cursor = LineEnd;

    /// <summary>Moves to the line above, as far right as it is now or as that line goes.</summary>
    /// <returns>Whether there was one.</returns>
    internal bool MoveUp()
    {
        int start = LineStart;
        if (start == 0)
        {
            return false;
        }

        int column = Cursor - start;
        Cursor = start - 1;
        Cursor = Snap(LineStart + Math.Min(column, Cursor - LineStart));
        return true;
    }

    /// <summary>Moves to the line below.</summary>
    /// <returns>Whether there was one.</returns>
    internal bool MoveDown()
    {
        if (LineEnd == Text.Length)
        {
            return false;
        }

        int column = Cursor - LineStart;
        Cursor = LineEnd + 1;
        Cursor = Snap(Math.Min(Cursor + column, LineEnd));
        return true;
    }

    internal void DeleteLeft() => Replace(Before(Cursor), Cursor, string.Empty);

    internal void DeleteRight()
    {
        int cursor = Cursor;
        Replace(cursor, After(cursor), string.Empty);
    }

    /// <summary>Takes away the rest of the line; at its end, the end itself.</summary>
    internal void KillToLineEnd() => Kill(Cursor, LineEnd > Cursor ? LineEnd : After(Cursor));

    internal void KillToLineStart() => Kill(LineStart, Cursor);

    /// <summary>Takes away what is before the cursor back to a blank, as the terminal itself does.</summary>
    internal void KillBlankWordLeft() => Kill(WordLeft(c => !char.IsWhiteSpace(c)), Cursor);

    internal void KillWordLeft() => Kill(WordLeft(IsOfWord), Cursor);

    internal void KillWordRight() => Kill(Cursor, WordRight());

    /// <summary>Puts back what was taken away last.</summary>
    internal void Yank() => Insert(_killed);

    /// <summary>Swaps the two characters around the cursor; at the end, the last two.</summary>
    internal void Transpose()
    {
        int middle = Cursor == LineEnd ? Before(Cursor) : Cursor;
        int start = Before(middle), end = After(middle);
        if (start >= LineStart && start < middle && middle < end)
        {
            Replace(start, end, string.Concat(Text.AsSpan(middle, end - middle), Text.AsSpan(start, middle - start)));
        }
    }

    private static bool IsOfWord(char c) => char.IsLetterOrDigit(c) || char.IsSurrogate(c) || char.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark;

    private void Kill(int start, int end)
    {
        if (end > start)
        {
            _killed = Text[start..end];
            Replace(start, end, string.Empty);
        }
    }

    private int WordLeft(Func<char, bool> isOfWord)
    {
        int at = Cursor;
        while (at > 0 && !isOfWord(Text[at - 1]))
        {
            at--;
        }

        while (at > 0 && isOfWord(Text[at - 1]))
        {
            at--;
        }

        return at;
    }

    private int WordRight()
    {
        int at = Cursor;
        while (at < Text.Length && !IsOfWord(Text[at]))
        {
            at++;
        }

        while (at < Text.Length && IsOfWord(Text[at]))
        {
            at++;
        }

        return at;
    }

    private int After(int at) => at == Text.Length ? at : at + StringInfo.GetNextTextElementLength(Text.AsSpan(at));

    // Where a character begins can only be told from before it; no character goes across the end of a line.
    private int Before(int at) => at == 0 || Text[at - 1] == '\n' ? Math.Max(0, at - 1) : Snap(at - 1);

    private int Snap(int at)
    {
        int start = at == 0 ? 0 : Text.LastIndexOf('\n', at - 1) + 1;
        while (start < at && After(start) is int next && next <= at)
        {
            start = next;
        }

        return start;
    }
}
