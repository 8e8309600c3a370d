using Kuid.Sysreq.Grammar.Tree;

namespace Kuid.Sysreq.Grammar.Parsing;

/// <content>Commands that contain others.</content>
internal sealed partial class CommandParser
{
    /// <summary>A compound command if one begins here.</summary>
    private CommandNode? TryCompound()
    {
        SourceSpan opening = _token.Span;
        Func<CommandNode>? read = _token.Kind switch
        {
            TokenKind.LeftParenthesis => Subshell,
            TokenKind.Word => _token.Text switch
            {
                Keywords.LeftBrace => Group,
                Keywords.If => If,
                Keywords.For => For,
                Keywords.While or Keywords.Until => While,
                Keywords.Case => Case,
                _ => null,
            },
            _ => null,
        };
        if (read is null)
        {
            return null;
        }

        List<Stage> stages = _stages;
        _state.Enter(opening);
        _open.Add((_token.Text!, opening));
        CommandNode command = read();
        _open.RemoveAt(_open.Count - 1);
        _state.Leave();
        _stages = stages;
        NodeList<Redirection> redirections = Redirections();
        return command with { Redirections = redirections, Span = new SourceSpan(opening.Start, _end) };
    }

    private Subshell Subshell()
    {
        if (_state.Scanner.Current == '(')
        {
            throw _state.Fail(
                _token.Span with { End = _state.Ahead(1).End },
                "`((` is not supported as a command: arithmetic is written `$((...))`, a subshell in a subshell `( (`");
        }

        Advance();
        Script body = Body();
        if (_token.Kind != TokenKind.RightParenthesis)
        {
            throw Missing(")");
        }

        Close();
        return new Subshell(body, []);
    }

    private Group Group()
    {
        Advance();
        Script body = Body();
        Close(Keywords.RightBrace);
        return new Group(body, []);
    }

    private IfCommand If()
    {
        var clauses = new List<IfClause>();
        do
        {
            SourcePosition start = _token.Span.Start;
            ExpectCommand();
            Advance();
            Script condition = Body();
            Take(Keywords.Then);
            Script body = Body();
            clauses.Add(new IfClause(condition, body) { Span = new SourceSpan(start, _end) });
        }
        while (_token.Is(Keywords.Elif));

        Script? otherwise = null;
        if (_token.Is(Keywords.Else))
        {
            Advance();
            otherwise = Body();
        }

        Close(Keywords.Fi);
        return new IfCommand(new NodeList<IfClause>(clauses), otherwise, []);
    }

    private WhileCommand While()
    {
        bool isUntil = _token.Is(Keywords.Until);
        ExpectCommand();
        Advance();
        Script condition = Body();
        Script body = DoBody();
        return new WhileCommand(isUntil, condition, body, []);
    }

    private ForCommand For()
    {
        _state.Completion.Expect(CompletionKind.Nothing);
        Advance();
        if (_token.Kind == TokenKind.LeftParenthesis)
        {
            throw Fail("`for ((...))` is not supported: write `for x in WORDS` or `while`");
        }

        string name = VariableName();
        SkipNewlines();
        NodeList<Word>? words = null;
        if (_token.Is(Keywords.In))
        {
            words = ForWords();
        }
        else if (_token.Kind == TokenKind.Semicolon)
        {
            Advance();
        }

        SkipNewlines();
        Script body = DoBody();
        return new ForCommand(name, words, body, []);
    }

    private string VariableName()
    {
        if (_token.Kind != TokenKind.Word)
        {
            throw Fail($"the name of a variable is missing between `for` and {_token.Name}");
        }

        if (_token.Text is not { } name || !Names.IsVariable(name))
        {
            throw Fail($"{_token.Name} is no name of a variable: it has letters, digits and `_`, and begins with no digit");
        }

        Advance();
        return name;
    }

    private NodeList<Word> ForWords()
    {
        var words = new List<Word>();
        var loop = new List<Word> { Bare(Keywords.For) };
        _state.Completion.Expect(CompletionKind.Argument, loop);
        Advance();
        while (_token.Kind == TokenKind.Word)
        {
            NoteCloser();
            words.Add(_token.Word!);
            loop.Add(_token.Word!);
            _state.Completion.Expect(CompletionKind.Argument, loop);
            Advance();
        }

        if (_token.Kind is not (TokenKind.Semicolon or TokenKind.Newline or TokenKind.End))
        {
            throw Fail($"{_token.Name} cannot stand among the words of a `for`: `;` and `do` have to follow them");
        }

        if (_token.Kind == TokenKind.Semicolon)
        {
            Advance();
        }

        return new NodeList<Word>(words);
    }

    private Script DoBody()
    {
        Take(Keywords.Do);
        Script body = Body();
        Close(Keywords.Done);
        return body;
    }

    private void Take(string keyword)
    {
        if (!_token.Is(keyword))
        {
            throw Missing(keyword);
        }

        ExpectCommand();
        Advance();
    }

    private void Close(string keyword)
    {
        if (!_token.Is(keyword))
        {
            throw Missing(keyword);
        }

        Close();
    }

    private void Close()
    {
        _state.Completion.Expect(CompletionKind.Nothing);
        Advance();
    }

    private static Word Bare(string text) => new([new LiteralPart(text)]);
}
