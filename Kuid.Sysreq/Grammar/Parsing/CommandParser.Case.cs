using Kuid.Sysreq.Grammar.Tree;

namespace Kuid.Sysreq.Grammar.Parsing;

/// <content><c>case</c>.</content>
internal sealed partial class CommandParser
{
    private CaseCommand Case()
    {
        _state.Completion.Expect(CompletionKind.Argument, [Bare(Keywords.Case)]);
        Advance();
        if (_token.Kind != TokenKind.Word)
        {
            throw Fail($"a word is missing between `case` and {_token.Name}");
        }

        Word subject = _token.Word!;
        _state.Completion.Expect(CompletionKind.Nothing);
        Advance();
        SkipNewlines();
        Take(Keywords.In);
        SkipNewlines();
        var items = new List<CaseItem>();
        while (!_token.Is(Keywords.Esac))
        {
            items.Add(CaseItem(out bool isLast));
            if (isLast)
            {
                break;
            }
        }

        Close(Keywords.Esac);
        return new CaseCommand(subject, new NodeList<CaseItem>(items), []);
    }

    private CaseItem CaseItem(out bool isLast)
    {
        SourcePosition start = _token.Span.Start;
        if (_token.Kind == TokenKind.End)
        {
            throw Missing(Keywords.Esac);
        }

        if (_token.Kind == TokenKind.LeftParenthesis)
        {
            Advance();
        }

        var patterns = new List<Word> { Pattern() };
        while (_token.Kind == TokenKind.Pipe)
        {
            Advance();
            patterns.Add(Pattern());
        }

        if (_token.Kind != TokenKind.RightParenthesis)
        {
            throw FailHere($"`)` or `|` is missing after the pattern {Quoting.Code(SourcePrinter.Print(patterns[^1]))}");
        }

        SourcePosition bodyStart = _token.Span.End;
        ExpectCommand();
        Advance();
        NodeList<Statement> statements = Statements();
        var body = new Script(statements) { Span = new SourceSpan(bodyStart, statements.Count > 0 ? _end : bodyStart) };
        var item = new CaseItem(new NodeList<Word>(patterns), body) { Span = new SourceSpan(start, _end) };
        isLast = _token.Kind != TokenKind.DoubleSemicolon;
        if (!isLast)
        {
            Advance();
            SkipNewlines();
        }

        return item;
    }

    private Word Pattern()
    {
        if (_token.Kind != TokenKind.Word)
        {
            throw FailHere(_token.Kind == TokenKind.End ? "a pattern is missing" : $"a pattern is missing before {_token.Name}");
        }

        Word pattern = _token.Word!;
        _state.Completion.Expect(CompletionKind.Nothing);
        Advance();
        return pattern;
    }
}
