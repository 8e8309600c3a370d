using Kuid.Sysreq.Grammar.Tree;

namespace Kuid.Sysreq.Grammar.Parsing;

/// <summary>
/// The tokens of a script, one at a time and never one ahead: what a character means depends on what has been read before it (a
/// word's inside, the expression after <c>where</c>, the lines of a here-document), so the scanner always stands right behind the
/// token that was given last.
/// </summary>
internal sealed class Lexer(ParseState state)
{
    private readonly WordReader _words = new(state);
    private readonly List<Redirection> _documents = [];

    /// <summary>The next token.</summary>
    internal Token Next()
    {
        SkipBlanks();
        Scanner scanner = state.Scanner;
        SourcePosition start = scanner.Position;
        state.Completion.Begin(start);
        if (scanner.AtEnd)
        {
            if (scanner.EndsWithSource)
            {
                state.Completion.Touch();
            }

            RequireNoDocuments();
            return new Token(TokenKind.End, state.Since(start), null, null);
        }

        if (scanner.Current == '\n')
        {
            TakeNewline();
            return new Token(TokenKind.Newline, new SourceSpan(start, start), "\n", null);
        }

        return TryOperator(start) ?? Word(start);
    }

    /// <summary>Announces a here-document, whose text begins in the next line.</summary>
    internal void Announce(Redirection document) => _documents.Add(document);

    /// <summary>Goes past the end of a line and the here-documents that follow it.</summary>
    internal void TakeNewline()
    {
        state.Scanner.Advance();
        foreach (Redirection document in _documents)
        {
            document.Target = HereDocumentReader.Read(state, _words, document);
        }

        _documents.Clear();
    }

    /// <summary>Fails when the text has ended before the line that a here-document's text begins in.</summary>
    internal void RequireNoDocuments()
    {
        if (_documents.Count > 0)
        {
            string delimiter = Quoting.Code(_documents[0].Document!.Delimiter);
            throw state.FailOpen(_documents[0].Span, $"the text of the here-document {delimiter} is missing: it begins in the next line");
        }
    }

    /// <summary>Goes past blanks, comments and joined lines.</summary>
    internal void SkipBlanks()
    {
        Scanner scanner = state.Scanner;
        while (!scanner.AtEnd)
        {
            switch (scanner.Current)
            {
                case ' ' or '\t' or '\r':
                    scanner.Advance();
                    break;
                case '\\' when scanner.Next == '\n':
                    scanner.Advance(2);
                    break;
                case '#':
                    SkipComment(scanner);
                    return;
                default:
                    return;
            }
        }
    }

    private void SkipComment(Scanner scanner)
    {
        int end = scanner.Rest.IndexOf('\n');
        state.Completion.Begin(scanner.Position);
        scanner.Advance(end < 0 ? scanner.Rest.Length : end);
        if (scanner.AtEnd && scanner.EndsWithSource)
        {
            state.Completion.Touch(CompletionKind.Nothing);
        }
    }

    private Token? TryOperator(SourcePosition start)
    {
        Scanner scanner = state.Scanner;
        if (!WordReader.EndsBareWord(scanner.Current))
        {
            return null;
        }

        foreach ((string text, string message) in Operators.Refused)
        {
            if (scanner.StartsWith(text))
            {
                throw state.Fail(state.Ahead(text.Length), message);
            }
        }

        foreach ((string text, TokenKind kind) in Operators.All)
        {
            if (scanner.TryTake(text))
            {
                return new Token(kind, state.Since(start), text, null);
            }
        }

        return null;
    }

    private Token Word(SourcePosition start)
    {
        Scanner scanner = state.Scanner;
        Word word = _words.ReadBare();
        SourceSpan span = state.Since(start);
        if (scanner.AtEnd && scanner.EndsWithSource)
        {
            state.Completion.Touch();
        }

        string? text = word.Parts is [LiteralPart literal] ? literal.Text : null;
        TokenKind kind = TokenKind.Word;
        if (text is not null && (scanner.Current is '<' or '>'))
        {
            if (text.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0)
            {
                kind = TokenKind.Descriptor;
            }
            else if (text is ['{', _, .., '}'] && Names.IsVariable(text.AsSpan(1, text.Length - 2)))
            {
                throw state.Fail(span, $"{Quoting.Code(text)} before a redirection is not supported: descriptors are 0, 1 and 2");
            }
        }

        return new Token(kind, span, text, word);
    }
}
