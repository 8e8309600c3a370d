namespace Kuid.Sysreq.Pipeline.Evaluation.Expansion;

/// <summary>
/// A pattern of the shell over characters: <c>*</c>, <c>?</c>, <c>[a-z]</c>, <c>[!a]</c>, <c>[[:alpha:]]</c>. What stood in quotes stands for itself.
/// </summary>
/// <remarks>A range goes by code points, whatever the language of the remote system: a script does the same everywhere.</remarks>
internal sealed class Pattern
{
    private readonly List<PatternElement> _elements;

    private Pattern(List<PatternElement> elements) => _elements = elements;

    /// <summary>Whether it fits anything but its own text.</summary>
    public bool HasSpecials => _elements.Exists(element => element is not LiteralElement);

    /// <summary>Whether it is <c>**</c> and nothing else.</summary>
    public bool IsDoubleStar { get; private init; }

    /// <summary>Whether a name that begins with a dot is asked for as such.</summary>
    public bool BeginsWithDot => _elements is [LiteralElement { Character: '.' }, ..];

    /// <summary>Reads a pattern.</summary>
    public static Pattern Of(IEnumerable<TextPiece> pieces)
    {
        List<TextPiece> list = [.. pieces];
        return new Pattern(PatternReader.Read(list))
        {
            IsDoubleStar = list.TrueForAll(piece => !piece.IsQuoted) && string.Concat(list.Select(piece => piece.Text)) == "**",
        };
    }

    /// <summary>Whether the whole text fits.</summary>
    public bool Fits(string text) => Fits(ShellText.CharactersOf(text));

    /// <summary>Whether these characters fit, all of them.</summary>
    public bool Fits(ReadOnlySpan<int> text)
    {
        // Only the last star ever needs to be tried again: what an earlier one took was the least that it could.
        int at = 0;
        int element = 0;
        int star = -1;
        int starAt = 0;
        while (at < text.Length)
        {
            if (element < _elements.Count && _elements[element] is AnyTextElement)
            {
                star = element++;
                starAt = at;
            }
            else if (element < _elements.Count && _elements[element].Fits(text[at]))
            {
                element++;
                at++;
            }
            else if (star >= 0)
            {
                element = star + 1;
                at = ++starAt;
            }
            else
            {
                return false;
            }
        }

        while (element < _elements.Count && _elements[element] is AnyTextElement)
        {
            element++;
        }

        return element == _elements.Count;
    }
}

/// <summary>A part of a pattern that takes one character, or any number of them.</summary>
internal abstract class PatternElement
{
    /// <summary>Whether it takes this character.</summary>
    public abstract bool Fits(int character);
}

/// <summary>A character that stands for itself.</summary>
internal sealed class LiteralElement(int character) : PatternElement
{
    /// <summary>The character.</summary>
    public int Character => character;

    /// <inheritdoc/>
    public override bool Fits(int candidate) => candidate == character;
}

/// <summary><c>?</c>.</summary>
internal sealed class AnyCharacterElement : PatternElement
{
    /// <inheritdoc/>
    public override bool Fits(int character) => true;
}

/// <summary><c>*</c>.</summary>
internal sealed class AnyTextElement : PatternElement
{
    /// <inheritdoc/>
    public override bool Fits(int character) => true;
}

/// <summary><c>[...]</c>.</summary>
internal sealed class SetElement(bool isNegated, IReadOnlyList<Func<int, bool>> members) : PatternElement
{
    /// <inheritdoc/>
    public override bool Fits(int character) => members.Any(member => member(character)) != isNegated;
}
