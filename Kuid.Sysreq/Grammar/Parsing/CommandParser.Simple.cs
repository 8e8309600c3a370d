using Kuid.Sysreq.Grammar.Tree;

namespace Kuid.Sysreq.Grammar.Parsing;

/// <content>Simple commands and <c>where</c>.</content>
internal sealed partial class CommandParser
{
    private CommandNode Command(bool isFirst)
    {
        if (TryCompound() is { } compound)
        {
            return compound;
        }

        SourcePosition start = _token.Span.Start;
        if (_token is { Kind: TokenKind.Word, Text: { } text })
        {
            if (text == Keywords.Where)
            {
                return Where();
            }

            if (text == Keywords.Function)
            {
                return Function();
            }

            RefuseName(text, isFirst);
        }
        else if (_token.Kind != TokenKind.Word && !AtRedirection())
        {
            throw CommandMissing();
        }

        return Simple(isFirst) switch
        {
            SimpleCommand simple => simple with { Span = new SourceSpan(start, _end) },
            var definition => definition,
        };
    }

    private CommandNode Simple(bool isFirst)
    {
        SourcePosition start = _token.Span.Start;
        var assignments = new List<Assignment>();
        var words = new List<Word>();
        var redirections = new List<Redirection>();
        while (true)
        {
            if (AtRedirection())
            {
                redirections.Add(Redirection(words));
            }
            else if (_token.Kind == TokenKind.LeftParenthesis)
            {
                _lexer.SkipBlanks();
                return words.Count == 1 && assignments.Count == 0 && redirections.Count == 0 && _state.Scanner.Current == ')'
                    ? Definition(start, _previous!.Value)
                    : throw (IsArray(assignments) ? Arrays($"{assignments[^1].Name}=(...)") : ParenthesisInCommand(isAfterName: words.Count == 1));
            }
            else if (_token.Kind != TokenKind.Word)
            {
                return new SimpleCommand(
                    new NodeList<Assignment>(assignments), new NodeList<Word>(words), new NodeList<Redirection>(redirections));
            }
            else if (words.Count == 0 && AssignmentOf(_token) is { } assignment)
            {
                assignments.Add(assignment);
                Expect(words);
                Advance();
            }
            else
            {
                if (words.Count == 0 && assignments.Count + redirections.Count > 0)
                {
                    RefuseLateName();
                }
                else if (words.Count == 0 && _token.Text is { } name)
                {
                    NoteName(name);
                }
                else if (words.Count == 2 && isFirst && _token.Is(Keywords.In) && words[0].Parts is [LiteralPart { Text: "select" }])
                {
                    throw _state.Fail(
                        words[0].Span, "`select` loops are not supported; to choose columns, write `select COLUMN...` behind a `|`");
                }

                NoteCloser();
                words.Add(_token.Word!);
                Expect(words);
                Advance();
            }
        }
    }

    private void Expect(List<Word>? words) => _state.Completion.Expect(
        words is null ? CompletionKind.Nothing : words.Count == 0 ? CompletionKind.Command : CompletionKind.Argument, words, _stages);

    private void NoteName(string name)
    {
        if (IsElement(name))
        {
            throw Arrays(name);
        }

        if (name is ['{', ..] && !name.Contains('}', StringComparison.Ordinal))
        {
            _braceAsName = _token;
        }
    }

    // Remembered for the error about what is then missing: `if a; then b fi`.
    private void NoteCloser()
    {
        if (_token.Text is { } text && Openers.ContainsKey(text))
        {
            _closerAsArgument = _token;
        }
    }

    private void RefuseName(string text, bool isFirst)
    {
        if (Keywords.Refused.TryGetValue(text, out string? message))
        {
            throw Fail(message);
        }

        if (!isFirst && text is Keywords.Not or Keywords.Time)
        {
            throw Fail($"`{text}` stands before a whole pipeline, not behind a `|`");
        }

        if (Keywords.Closers.ContainsKey(text))
        {
            throw CommandMissing();
        }
    }

    // A word of the grammar means itself at the beginning of a command only; behind an assignment it would be a command of that name.
    private void RefuseLateName()
    {
        if (_token.Text is { } text && Keywords.All.Contains(text) && text != Keywords.In)
        {
            throw Fail(text == Keywords.Where
                ? "`where` takes no assignments and no redirections"
                : $"`{text}` cannot follow assignments or redirections: it has to begin the command");
        }
    }

    private static Assignment? AssignmentOf(Token token)
    {
        if (token.Word!.Parts is not [LiteralPart literal, ..])
        {
            return null;
        }

        string text = literal.Text;
        int length = Names.VariableLength(text);
        if (length == 0 || length == text.Length)
        {
            return null;
        }

        bool appends = text.AsSpan(length).StartsWith("+=");
        if (!appends && text[length] != '=')
        {
            return null;
        }

        int sign = length + (appends ? 2 : 1);
        List<WordPart> parts = [.. token.Word.Parts.Skip(1)];
        SourcePosition valueStart = Moved(literal.Span.Start, sign);
        if (sign < text.Length)
        {
            parts.Insert(0, new LiteralPart(text[sign..]) { Span = literal.Span with { Start = valueStart } });
        }

        Word? value = parts.Count == 0 ? null : new Word(new NodeList<WordPart>(parts)) { Span = token.Span with { Start = valueStart } };
        return new Assignment(text[..length], appends, value) { Span = token.Span };
    }

    private static SourcePosition Moved(SourcePosition position, int count) =>
        position with { Offset = position.Offset + count, Column = position.Column + count };

    private bool IsArray(List<Assignment> assignments) => assignments.Count > 0 && assignments[^1].Value is null && IsAdjacent();

    private SyntaxException Arrays(string assignment) => Fail($"arrays are not supported: {Quoting.Code(assignment)} cannot be assigned");

    private static bool IsElement(string text)
    {
        int bracket = text.IndexOf('[', StringComparison.Ordinal);
        return bracket > 0 && Names.IsVariable(text.AsSpan(0, bracket)) && text.AsSpan(bracket).IndexOf("]=") > 0;
    }

    private WhereCommand Where()
    {
        SourceSpan where = _token.Span;
        var parser = new ExpressionParser(_state, _lexer, where);
        Expression condition = parser.Parse();
        Advance();
        _end = parser.End;
        return new WhereCommand(condition) { Span = new SourceSpan(where.Start, _end) };
    }
}
