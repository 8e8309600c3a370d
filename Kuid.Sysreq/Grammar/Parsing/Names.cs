namespace Kuid.Sysreq.Grammar.Parsing;

/// <summary>Which texts are names.</summary>
internal static class Names
{
    internal static bool Starts(char c) => char.IsAsciiLetter(c) || c == '_';

    internal static bool Continues(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    /// <summary>How many characters of a text make the name of a variable; 0 when it begins with none.</summary>
    internal static int VariableLength(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || !Starts(text[0]))
        {
            return 0;
        }

        int length = 1;
        while (length < text.Length && Continues(text[length]))
        {
            length++;
        }

        return length;
    }

    /// <summary>How many characters of a text make what a dollar can stand before: a name, a number, one of <c>? # @ * !</c>.</summary>
    internal static int ParameterLength(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return 0;
        }

        if (text[0] is '?' or '#' or '@' or '*' or '!')
        {
            return 1;
        }

        if (!char.IsAsciiDigit(text[0]))
        {
            return VariableLength(text);
        }

        int end = text.IndexOfAnyExceptInRange('0', '9');
        return end < 0 ? text.Length : end;
    }

    /// <summary>Whether the whole text is the name of a variable.</summary>
    internal static bool IsVariable(ReadOnlySpan<char> text) => !text.IsEmpty && VariableLength(text) == text.Length;

    /// <summary>Whether the whole text is the name of a function: that of a variable, or one with dashes and dots in it.</summary>
    internal static bool IsFunction(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || !Starts(text[0]))
        {
            return false;
        }

        foreach (char c in text)
        {
            if (!Continues(c) && c is not ('-' or '.'))
            {
                return false;
            }
        }

        return true;
    }
}
