using System.Globalization;
using System.Text;
using Kuid.Sysreq.Grammar.Tree;

namespace Kuid.Sysreq.Grammar.Parsing;

/// <content>Redirections.</content>
internal sealed partial class CommandParser
{
    private bool AtRedirection() => _token.Kind == TokenKind.Descriptor || KindOf(_token.Kind) is not null;

    private static RedirectionKind? KindOf(TokenKind sign) => sign switch
    {
        TokenKind.Less => RedirectionKind.Input,
        TokenKind.Greater or TokenKind.GreaterPipe => RedirectionKind.Output,
        TokenKind.DoubleGreater => RedirectionKind.Append,
        TokenKind.GreaterAmpersand => RedirectionKind.Duplicate,
        TokenKind.AmpersandGreater => RedirectionKind.OutputAndErrors,
        TokenKind.DoubleLess or TokenKind.DoubleLessDash => RedirectionKind.HereDocument,
        TokenKind.TripleLess => RedirectionKind.HereString,
        _ => null,
    };

    private NodeList<Redirection> Redirections()
    {
        var redirections = new List<Redirection>();
        while (AtRedirection())
        {
            redirections.Add(Redirection(null));
        }

        return new NodeList<Redirection>(redirections);
    }

    /// <param name="words">The words of the command that it stands in, to go on with behind it.</param>
    private Redirection Redirection(List<Word>? words)
    {
        SourcePosition start = _token.Span.Start;
        Token? descriptor = null;
        if (_token.Kind == TokenKind.Descriptor)
        {
            descriptor = _token;
            Advance();
        }

        Token sign = _token;
        RedirectionKind kind = KindOf(sign.Kind)!.Value;
        int? number = descriptor is { } written ? Number(written, kind) : null;
        _state.Completion.Expect(kind switch
        {
            RedirectionKind.Duplicate or RedirectionKind.HereDocument or RedirectionKind.HereString => CompletionKind.Nothing,
            _ => CompletionKind.Path,
        });
        Advance();
        RequireTarget(kind, sign);
        if (kind == RedirectionKind.HereDocument)
        {
            return HereDocument(start, number, sign, words);
        }

        Word target = _token.Word!;
        Expect(words);
        Advance();
        return new Redirection(kind, number, target, null) { Span = new SourceSpan(start, _end) };
    }

    private int Number(Token descriptor, RedirectionKind kind)
    {
        bool isInput = kind is RedirectionKind.Input or RedirectionKind.HereDocument or RedirectionKind.HereString;
        if (descriptor.Text is "0" == isInput && descriptor.Text is "0" or "1" or "2")
        {
            return int.Parse(descriptor.Text, CultureInfo.InvariantCulture);
        }

        throw _state.Fail(descriptor.Span, isInput
            ? $"descriptor {descriptor.Text} cannot be redirected by `{_token.Text}`: 0 is the input"
            : $"descriptor {descriptor.Text} cannot be redirected by `{_token.Text}`: 1 is the output, 2 are the errors");
    }

    private void RequireTarget(RedirectionKind kind, Token sign)
    {
        if (kind == RedirectionKind.Duplicate)
        {
            if (_token is { Kind: TokenKind.Word or TokenKind.Descriptor, Text: "1" or "2" })
            {
                return;
            }

            throw Fail(_token.Is("-")
                ? "`>&-` is not supported: to see nothing of it, send it to /dev/null"
                : $"1 or 2 is missing after `>&`, before {_token.Name}; output and errors go to a file by `&> FILE`");
        }

        if (_token.Kind == TokenKind.Word)
        {
            return;
        }

        string what = kind switch
        {
            RedirectionKind.HereDocument => "a delimiter",
            RedirectionKind.HereString => "a word",
            _ => "the path of a file",
        };
        throw Fail(_token.Kind is TokenKind.End or TokenKind.Newline
            ? $"{what} is missing after `{sign.Text}`"
            : $"{what} is missing between `{sign.Text}` and {_token.Name}");
    }

    private Redirection HereDocument(SourcePosition start, int? number, Token sign, List<Word>? words)
    {
        var delimiter = new StringBuilder();
        bool isQuoted = false;
        AppendPlain(_token.Word!.Parts, delimiter, ref isQuoted);
        var document = new HereDocument(delimiter.ToString(), isQuoted, sign.Kind == TokenKind.DoubleLessDash) { Span = _token.Span };
        var redirection = new Redirection(RedirectionKind.HereDocument, number, new Word([]), document)
        {
            Span = new SourceSpan(start, _token.Span.End),
        };

        // Before the next token is read, which may be the end of the line and then takes the text with it.
        _lexer.Announce(redirection);
        Expect(words);
        Advance();
        return redirection;
    }

    private void AppendPlain(IEnumerable<WordPart> parts, StringBuilder delimiter, ref bool isQuoted)
    {
        foreach (WordPart part in parts)
        {
            isQuoted |= part is not LiteralPart;
            switch (part)
            {
                case LiteralPart literal:
                    delimiter.Append(literal.Text);
                    break;
                case EscapedPart escaped:
                    delimiter.Append(escaped.Text);
                    break;
                case SingleQuotedPart quoted:
                    delimiter.Append(quoted.Text);
                    break;
                case AnsiQuotedPart quoted:
                    delimiter.Append(quoted.Value);
                    break;
                case DoubleQuotedPart quoted:
                    AppendPlain(quoted.Parts, delimiter, ref isQuoted);
                    break;
                default:
                    throw Fail("the delimiter of a here-document is plain text: nothing is substituted in it");
            }
        }

        if (delimiter.ToString().Contains('\n', StringComparison.Ordinal))
        {
            throw Fail("the delimiter of a here-document is one line");
        }
    }
}
