using System.Text;

namespace Kuid.Sysreq.Pipeline.Evaluation.Expansion;

/// <summary>Reads the pieces of a word as a pattern.</summary>
internal sealed class PatternReader
{
    private readonly List<(int Character, bool IsQuoted)> _text = [];

    private PatternReader(IEnumerable<TextPiece> pieces)
    {
        foreach (TextPiece piece in pieces)
        {
            foreach (int character in ShellText.CharactersOf(piece.Text))
            {
                _text.Add((character, piece.IsQuoted));
            }
        }
    }

    /// <summary>The elements of the pattern.</summary>
    public static List<PatternElement> Read(IEnumerable<TextPiece> pieces)
    {
        var reader = new PatternReader(pieces);
        var elements = new List<PatternElement>();
        for (int at = 0; at < reader._text.Count;)
        {
            elements.Add(reader.ReadElement(ref at));
        }

        return elements;
    }

    private PatternElement ReadElement(ref int at)
    {
        (int character, bool isQuoted) = _text[at++];
        if (isQuoted)
        {
            return new LiteralElement(character);
        }

        switch (character)
        {
            case '*':
                return new AnyTextElement();
            case '?':
                return new AnyCharacterElement();
            case '[' when ReadSet(at) is var (set, end):
                at = end;
                return set;
            case '\\' when at < _text.Count:
                // A backslash of the script was taken by the parser; this one comes from a variable and still escapes in a pattern.
                return new LiteralElement(_text[at++].Character);
            default:
                return new LiteralElement(character);
        }
    }

    /// <summary>A set whose bracket has been read; null when it is not closed and the bracket stands for itself.</summary>
    private (SetElement Set, int End)? ReadSet(int at)
    {
        bool isNegated = IsUnquoted(at, '!') || IsUnquoted(at, '^');
        if (isNegated)
        {
            at++;
        }

        var members = new List<Func<int, bool>>();
        for (int first = at; at < _text.Count;)
        {
            if (at > first && IsUnquoted(at, ']'))
            {
                return (new SetElement(isNegated, members), at + 1);
            }

            if (ReadClass(at) is var (isMember, end))
            {
                members.Add(isMember);
                at = end;
                continue;
            }

            int low = ReadCharacter(ref at);
            if (IsUnquoted(at, '-') && at + 1 < _text.Count && !IsUnquoted(at + 1, ']'))
            {
                at++;
                int high = ReadCharacter(ref at);
                members.Add(character => character >= low && character <= high);
            }
            else
            {
                members.Add(character => character == low);
            }
        }

        return null;
    }

    private int ReadCharacter(ref int at)
    {
        if (IsUnquoted(at, '\\') && at + 1 < _text.Count)
        {
            at++;
        }

        return _text[at++].Character;
    }

    private bool IsUnquoted(int at, int character) => at < _text.Count && _text[at] == (character, false);

    private (Func<int, bool> IsMember, int End)? ReadClass(int at)
    {
        if (!IsUnquoted(at, '[') || !IsUnquoted(at + 1, ':'))
        {
            return null;
        }

        var name = new StringBuilder();
        for (at += 2; at < _text.Count && _text[at].Character is >= 'a' and <= 'z'; at++)
        {
            name.Append((char)_text[at].Character);
        }

        return IsUnquoted(at, ':') && IsUnquoted(at + 1, ']') && Class(name.ToString()) is { } isMember ? (isMember, at + 2) : null;
    }

    private static Func<int, bool>? Class(string name) => name switch
    {
        "alpha" => character => Rune.IsValid(character) && Rune.IsLetter(new Rune(character)),
        "digit" => character => character is >= '0' and <= '9',
        "alnum" => character => character is >= '0' and <= '9' || (Rune.IsValid(character) && Rune.IsLetter(new Rune(character))),
        "upper" => character => Rune.IsValid(character) && Rune.IsUpper(new Rune(character)),
        "lower" => character => Rune.IsValid(character) && Rune.IsLower(new Rune(character)),
        "space" => character => Rune.IsValid(character) && Rune.IsWhiteSpace(new Rune(character)),
        "blank" => character => character is ' ' or '\t',
        "punct" => character => character is > 0x20 and < 0x7f && !char.IsAsciiLetterOrDigit((char)character),
        "cntrl" => character => character is < 0x20 or 0x7f,
        "graph" => character => character > 0x20 && character != 0x7f,
        "print" => character => character >= 0x20 && character != 0x7f,
        "xdigit" => character => character < 0x80 && char.IsAsciiHexDigit((char)character),
        _ => null,
    };
}
