namespace Kuid.Sysreq.Grammar.Parsing;

/// <content>What is said about a token that cannot stand where it does.</content>
internal sealed partial class CommandParser
{
    // What each word or sign that only closes or divides something belongs to.
    private static readonly Dictionary<string, string[]> Openers = new(StringComparer.Ordinal)
    {
        [Keywords.Then] = [Keywords.If],
        [Keywords.Elif] = [Keywords.If],
        [Keywords.Else] = [Keywords.If],
        [Keywords.Fi] = [Keywords.If],
        [Keywords.Do] = [Keywords.For, Keywords.While, Keywords.Until],
        [Keywords.Done] = [Keywords.For, Keywords.While, Keywords.Until],
        [Keywords.Esac] = [Keywords.Case],
        [Keywords.RightBrace] = [Keywords.LeftBrace],
        [")"] = ["(", "$("],
        [";;"] = [Keywords.Case],
    };

    // The last argument that would have closed something if it stood at the beginning of a command.
    private Token? _closerAsArgument;

    // The last command whose name begins with a brace: `{ls; }`.
    private Token? _braceAsName;

    private SyntaxException Fail(string message) => _state.Fail(_token.Span, message);

    // The end of the input is pointed at behind the last thing before it, for there may be empty lines between.
    private SyntaxException FailHere(string message, bool isOpen = true) => _token.Kind == TokenKind.End
        ? _state.Fail(new SourceSpan(_end, _end), message, isOpen && _state.Scanner.EndsWithSource)
        : _state.Fail(_token.Span, message);

    /// <summary>Something that closes what is not open.</summary>
    private SyntaxException Stray() => _token.Kind switch
    {
        TokenKind.RightParenthesis => Fail("`)` closes nothing"),
        TokenKind.DoubleSemicolon => Fail("`;;` stands outside of a `case`"),
        _ when _token.Is(Keywords.RightBrace) && _braceAsName is { } brace =>
            Fail($"`}}` closes nothing: the `{{` at {brace.Span.Start} needs a blank behind it"),
        _ => Fail($"`{_token.Text}` {Keywords.Closers[_token.Text!]}"),
    };

    /// <summary>There is no command where one has to be.</summary>
    private SyntaxException CommandMissing()
    {
        if (IsStrayCloser())
        {
            return Stray();
        }

        bool isAfterSomething = _previous is { Kind: not (TokenKind.Newline or TokenKind.Descriptor) } previous
            && (previous.Kind != TokenKind.Word || (previous.Text is { } text && Keywords.All.Contains(text)));
        return FailHere((isAfterSomething, _token.Kind is TokenKind.End or TokenKind.Newline) switch
        {
            (true, true) => $"a command is missing after {_previous!.Value.Name}",
            (true, false) => $"a command is missing between {_previous!.Value.Name} and {_token.Name}",
            _ => $"a command is missing before {_token.Name}",
        },
            isOpen: _previous?.Text is not (Keywords.Not or Keywords.Time));
    }

    /// <summary>A word or a sign that belongs to what was opened last is missing where the current token is.</summary>
    private SyntaxException Missing(string missing)
    {
        if (IsStrayCloser())
        {
            return Stray();
        }

        (string opener, SourceSpan span) = _open[^1];
        string before = _token.Kind == TokenKind.End ? "" : $" before {_token.Name}";
        string hint = _closerAsArgument is { } argument && argument.Text == missing && argument.Span.Start.Offset > span.Start.Offset
            ? $"; the `{missing}` at {argument.Span.Start} is an argument: put a `;` before it"
            : "";
        return FailHere($"`{missing}` is missing{before}: the `{opener}` in line {span.Start.Line} is still open{hint}");
    }

    /// <summary>A command has ended, and what comes then neither continues nor ends the statement.</summary>
    private SyntaxException CannotFollow() => _token.Kind == TokenKind.LeftParenthesis
        ? ParenthesisInCommand()
        : Fail($"{_token.Name} cannot follow {_previous?.Name}: `;`, `|`, `&&`, `||`, `&` or the end of the line is missing between them");

    private SyntaxException ParenthesisInCommand(bool isAfterName = false) => _previous?.Text switch
    {
        [.., '?' or '*' or '+' or '@' or '!'] text when IsAdjacent() => Fail($"extended patterns such as `{text[^1]}(...)` are not supported"),
        { } name when isAfterName && IsAdjacent() =>
            Fail($"`(` cannot follow {_previous?.Name}: a function is defined by `{name}() {{ ...; }}`, its parameters are `$1`, `$2` and so on"),
        _ => Fail($"`(` cannot follow {_previous?.Name}: a parenthesis in an argument is quoted, and `( ... )` begins a command"),
    };

    private bool IsAdjacent() => _previous is { } previous && previous.Span.End.Offset == _token.Span.Start.Offset;

    private bool IsStrayCloser() => _token is { Text: { } text, Kind: TokenKind.Word or TokenKind.RightParenthesis or TokenKind.DoubleSemicolon }
        && Openers.TryGetValue(text, out string[]? openers)
        && !_open.Exists(open => openers.Contains(open.Text, StringComparer.Ordinal));
}
