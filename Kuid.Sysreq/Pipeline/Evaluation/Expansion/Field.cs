using System.Text;

namespace Kuid.Sysreq.Pipeline.Evaluation.Expansion;

/// <summary>A stretch of a word after its parameters were expanded.</summary>
/// <param name="Text">Its text.</param>
/// <param name="IsQuoted">Whether it stood in quotes: nothing in it is a pattern.</param>
internal readonly record struct TextPiece(string Text, bool IsQuoted);

/// <summary>What becomes one argument, unless it is a pattern that names many.</summary>
internal sealed class Field
{
    private readonly List<TextPiece> _pieces = [];

    /// <summary>Its pieces in their order.</summary>
    public IReadOnlyList<TextPiece> Pieces => _pieces;

    /// <summary>Its text, quotes gone.</summary>
    public string Text
    {
        get
        {
            if (_pieces.Count == 1)
            {
                return _pieces[0].Text;
            }

            var text = new StringBuilder();
            foreach (TextPiece piece in _pieces)
            {
                text.Append(piece.Text);
            }

            return text.ToString();
        }
    }

    /// <summary>Adds a piece at the end.</summary>
    public void Add(string text, bool isQuoted)
    {
        if (text.Length > 0)
        {
            _pieces.Add(new TextPiece(text, isQuoted));
        }
    }
}
