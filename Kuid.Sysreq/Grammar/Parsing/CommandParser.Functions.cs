using Kuid.Sysreq.Grammar.Tree;

namespace Kuid.Sysreq.Grammar.Parsing;

/// <content>The definitions of functions.</content>
internal sealed partial class CommandParser
{
    // name() COMPOUND: the current token is the parenthesis.
    private FunctionDefinition Definition(SourcePosition start, Token name)
    {
        RequireFunctionName(name);
        Advance();
        ExpectCommand();
        Advance();
        return FunctionBody(start, name.Text!);
    }

    private FunctionDefinition Function()
    {
        SourcePosition start = _token.Span.Start;
        _state.Completion.Expect(CompletionKind.Nothing);
        Advance();
        if (_token.Kind != TokenKind.Word)
        {
            throw Fail($"a name is missing between `function` and {_token.Name}");
        }

        Token name = _token;
        RequireFunctionName(name);
        ExpectCommand();
        Advance();
        if (_token.Kind == TokenKind.LeftParenthesis)
        {
            _lexer.SkipBlanks();
            if (_state.Scanner.Current == ')')
            {
                Advance();
                ExpectCommand();
                Advance();
            }
        }

        return FunctionBody(start, name.Text!);
    }

    private void RequireFunctionName(Token name)
    {
        if (name.Text is not { } text || !Names.IsFunction(text) || Keywords.All.Contains(text))
        {
            throw _state.Fail(name.Span, $"{name.Name} is no name of a function: it has letters, digits, `_`, `-` and `.`, begins with a "
                + "letter or `_`, and is no word of the grammar");
        }
    }

    private FunctionDefinition FunctionBody(SourcePosition start, string name)
    {
        SkipNewlines();
        CommandNode body = TryCompound() ?? throw FailHere(
            $"the body of the function `{name}` is missing{(_token.Kind == TokenKind.End ? "" : $" before {_token.Name}")}: "
            + "it is a compound command, such as `{ ...; }`");
        return new FunctionDefinition(name, body) { Span = new SourceSpan(start, _end) };
    }
}
