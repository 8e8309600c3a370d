using System.Text;
using Kuid.Sysreq.Grammar.Tree;

namespace Kuid.Sysreq.Grammar.Parsing;

/// <summary>Joins a word from its pieces; literal text between others is one piece, however it was met.</summary>
internal sealed class WordBuilder(ParseState state)
{
    private readonly List<WordPart> _parts = [];
    private readonly StringBuilder _literal = new();
    private SourcePosition _literalStart;
    private SourcePosition _literalEnd;

    /// <summary>Takes the next characters as they are.</summary>
    internal void TakeLiteral(int count)
    {
        Scanner scanner = state.Scanner;
        if (_literal.Length == 0)
        {
            _literalStart = scanner.Position;
        }

        _literal.Append(scanner.Rest[..count]);
        scanner.Advance(count);
        _literalEnd = scanner.Position;
    }

    internal void Add(WordPart part)
    {
        EndLiteral();
        _parts.Add(part);
    }

    internal NodeList<WordPart> Parts()
    {
        EndLiteral();
        return new NodeList<WordPart>(_parts);
    }

    private void EndLiteral()
    {
        if (_literal.Length > 0)
        {
            _parts.Add(new LiteralPart(_literal.ToString()) { Span = new SourceSpan(_literalStart, _literalEnd) });
            _literal.Clear();
        }
    }
}
