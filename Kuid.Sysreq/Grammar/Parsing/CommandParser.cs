using Kuid.Sysreq.Grammar.Tree;

namespace Kuid.Sysreq.Grammar.Parsing;

/// <summary>
/// Reads scripts, by recursive descent with one token: a source, or the inside of one substitution, has a parser of its own. This file
/// has what joins commands; the others have the commands.
/// </summary>
internal sealed partial class CommandParser
{
    private readonly ParseState _state;
    private readonly Lexer _lexer;
    private readonly List<(string Text, SourceSpan Span)> _open = [];
    private List<Stage> _stages = [];
    private Token _token;

    // The token before the current one, ends of lines that could be left out not counted.
    private Token? _previous;
    private SourcePosition _end;

    internal CommandParser(ParseState state) => (_state, _lexer) = (state, new Lexer(state));

    /// <summary>Reads a whole text.</summary>
    internal Script ParseAll()
    {
        SourcePosition start = _state.Scanner.Position;
        ExpectCommand();
        Advance();
        NodeList<Statement> statements = Statements();
        return _token.Kind == TokenKind.End ? new Script(statements) { Span = _state.Since(start) } : throw Stray();
    }

    /// <summary>Reads from behind the opening to behind the parenthesis that closes it.</summary>
    internal Script ParseSubstitution(SourceSpan opening)
    {
        SourcePosition start = _state.Scanner.Position;
        _open.Add(("$(", opening));
        ExpectCommand();
        Advance();
        NodeList<Statement> statements = Statements();
        if (_token.Kind == TokenKind.End)
        {
            throw _state.FailOpen(opening, "the substitution `$(` is never closed");
        }

        if (_token.Kind != TokenKind.RightParenthesis)
        {
            throw Missing(")");
        }

        _lexer.RequireNoDocuments();
        return new Script(statements) { Span = new SourceSpan(start, _token.Span.Start) };
    }

    /// <summary>Statements up to something that ends a list.</summary>
    private NodeList<Statement> Statements()
    {
        var statements = new List<Statement>();
        SkipNewlines();
        while (!AtListEnd())
        {
            statements.Add(Statement());
            SkipNewlines();
        }

        return new NodeList<Statement>(statements);
    }

    /// <summary>The statements within something, at least one.</summary>
    private Script Body()
    {
        _stages = [];
        ExpectCommand();
        SkipNewlines();
        SourcePosition start = _token.Span.Start;
        if (AtListEnd())
        {
            throw CommandMissing();
        }

        NodeList<Statement> statements = Statements();
        return new Script(statements) { Span = new SourceSpan(start, _end) };
    }

    private bool AtListEnd() => _token.Kind is TokenKind.End or TokenKind.RightParenthesis or TokenKind.DoubleSemicolon
        || (_token is { Kind: TokenKind.Word, Text: { } text } && Keywords.Closers.ContainsKey(text));

    private Statement Statement()
    {
        SourcePosition start = _token.Span.Start;
        AndOrList list = AndOr();
        bool isBackground = _token.Kind == TokenKind.Ampersand;
        var statement = new Statement(list, isBackground) { Span = new SourceSpan(start, isBackground ? _token.Span.End : _end) };
        _stages = [];
        ExpectCommand();
        if (_token.Kind is TokenKind.Ampersand or TokenKind.Semicolon or TokenKind.Newline)
        {
            Advance();
        }
        else if (!AtListEnd())
        {
            // What closes a compound command separates it too: `if (a) then { b; } fi`.
            throw CannotFollow();
        }

        return statement;
    }

    private AndOrList AndOr()
    {
        SourcePosition start = _token.Span.Start;
        PipelineNode first = Pipeline();
        var rest = new List<AndOrTail>();
        while (_token.Kind is TokenKind.AndAnd or TokenKind.OrOr)
        {
            SourcePosition tail = _token.Span.Start;
            bool isAnd = _token.Kind == TokenKind.AndAnd;
            AdvanceToCommand();
            rest.Add(new AndOrTail(isAnd, Pipeline()) { Span = new SourceSpan(tail, _end) });
        }

        return new AndOrList(first, new NodeList<AndOrTail>(rest)) { Span = new SourceSpan(start, _end) };
    }

    private PipelineNode Pipeline()
    {
        SourcePosition start = _token.Span.Start;
        bool isTimed = false;
        bool isNegated = false;
        _stages = [];
        while (_token.Is(Keywords.Time) || _token.Is(Keywords.Not))
        {
            bool isTime = _token.Is(Keywords.Time);
            if (isTime ? isTimed : isNegated)
            {
                throw Fail($"`{_token.Text}` stands twice before one pipeline");
            }

            (isTimed, isNegated) = (isTimed || isTime, isNegated || !isTime);
            ExpectCommand();
            Advance();
            if (isTime && _token.Text is ['-', _, ..])
            {
                throw Fail("`time` takes no options");
            }
        }

        List<Stage> stages = [];
        _stages = stages;
        while (true)
        {
            SourcePosition stage = _token.Span.Start;
            CommandNode command = Command(isFirst: stages.Count == 0);
            _stages = stages;
            bool isPiped = _token.Kind is TokenKind.Pipe or TokenKind.PipeAmpersand;
            stages.Add(new Stage(command, _token.Kind == TokenKind.PipeAmpersand) { Span = new SourceSpan(stage, _end) });
            if (!isPiped)
            {
                return new PipelineNode(isTimed, isNegated, new NodeList<Stage>(stages)) { Span = new SourceSpan(start, _end) };
            }

            AdvanceToCommand();
        }
    }

    // Behind an operator that another command has to follow, which may stand in the next line.
    private void AdvanceToCommand()
    {
        ExpectCommand();
        Advance();
        SkipNewlines();
    }

    private void Advance()
    {
        _previous = _token.Span == default ? null : _token;
        _end = _token.Kind == TokenKind.Newline || _token.Span == default ? _end : _token.Span.End;
        _token = _lexer.Next();
    }

    private void SkipNewlines()
    {
        (Token? previous, SourcePosition end) = (_previous, _end);
        while (_token.Kind == TokenKind.Newline)
        {
            Advance();
            (_previous, _end) = (previous, end);
        }
    }

    private void ExpectCommand() => _state.Completion.Expect(CompletionKind.Command, null, _stages);
}
