using System.Buffers;
using Kuid.Sysreq.Grammar.Tree;

namespace Kuid.Sysreq.Grammar.Parsing;

/// <summary>Reads words and their pieces: what a character means depends on what it stands in.</summary>
internal sealed class WordReader(ParseState state)
{
    private const string Blanks = " \t\r\n";
    private const string OperatorCharacters = ";&|<>()";

    private static readonly SearchValues<char> BareEnds = SearchValues.Create(Blanks + OperatorCharacters);

    // In each surrounding: the characters that are not simply text.
    private static readonly SearchValues<char>[] Specials =
    [
        SearchValues.Create(Blanks + OperatorCharacters + "\\'\"$`"),
        SearchValues.Create("\\\"$`"),
        SearchValues.Create("}\\'\"$`"),
        SearchValues.Create("}\\\"$`"),
        SearchValues.Create("\\$`"),
    ];

    // In each surrounding but the unquoted ones: the characters that a backslash takes the meaning from.
    private static readonly string[] Escapable = ["", "\\\"$`", "", "}\\\"$`", "\\$`"];

    /// <summary>What pieces of a word stand in.</summary>
    private enum Surrounding
    {
        Bare,
        DoubleQuotes,
        Operand,
        QuotedOperand,
        Document,
    }

    /// <summary>Whether a word that is not quoted ends before this character.</summary>
    internal static bool EndsBareWord(char c) => BareEnds.Contains(c);

    /// <summary>A word up to a blank or an operator.</summary>
    internal Word ReadBare() => Read(Surrounding.Bare);

    /// <summary>The text of a here-document, up to the end.</summary>
    internal Word ReadDocument() => Read(Surrounding.Document);

    /// <summary>Quoted text and substitutions that are joined to one word; where they end, an expression goes on.</summary>
    internal Word ReadQuoted()
    {
        SourcePosition start = state.Scanner.Position;
        var word = new WordBuilder(state);
        while (state.Scanner.Current is '\'' or '"' or '`' or '$')
        {
            if (state.Scanner.Current == '$' && !TryDollar(word, Surrounding.Bare))
            {
                throw state.Fail(state.Ahead(1), "a variable's name, `{`, `(` or a quote is missing after `$`");
            }
            else if (state.Scanner.Current is '\'' or '"' or '`')
            {
                TakeQuoted(word, Surrounding.Bare);
            }
        }

        return new Word(word.Parts()) { Span = state.Since(start) };
    }

    /// <summary>A substitution that begins with a dollar or a backtick, for an arithmetic expression.</summary>
    internal WordPart ReadSubstitution()
    {
        var word = new WordBuilder(state);
        if (state.Scanner.Current == '`')
        {
            TakeQuoted(word, Surrounding.DoubleQuotes);
        }
        else if (!TryDollar(word, Surrounding.DoubleQuotes))
        {
            throw state.Fail(state.Ahead(1), "a variable's name, `{` or `(` is missing after `$`");
        }

        return word.Parts()[0];
    }

    private Word Read(Surrounding surrounding)
    {
        SourcePosition start = state.Scanner.Position;
        return new Word(ReadParts(surrounding)) { Span = state.Since(start) };
    }

    private NodeList<WordPart> ReadParts(Surrounding surrounding)
    {
        Scanner scanner = state.Scanner;
        var word = new WordBuilder(state);
        while (true)
        {
            int run = scanner.Rest.IndexOfAny(Specials[(int)surrounding]);
            run = run < 0 ? scanner.Rest.Length : run;
            if (run > 0)
            {
                word.TakeLiteral(run);
            }

            if (scanner.AtEnd || Ends(surrounding, scanner.Current))
            {
                return word.Parts();
            }

            switch (scanner.Current)
            {
                case '\\':
                    TakeBackslash(word, surrounding);
                    break;
                case '$':
                    if (!TryDollar(word, surrounding))
                    {
                        word.TakeLiteral(1);
                    }

                    break;
                default:
                    TakeQuoted(word, surrounding);
                    break;
            }
        }
    }

    private static bool Ends(Surrounding surrounding, char c) => surrounding switch
    {
        Surrounding.Bare => EndsBareWord(c),
        Surrounding.DoubleQuotes => c == '"',
        Surrounding.Operand or Surrounding.QuotedOperand => c == '}',
        _ => false,
    };

    private void TakeBackslash(WordBuilder word, Surrounding surrounding)
    {
        Scanner scanner = state.Scanner;
        SourcePosition start = scanner.Position;
        char next = scanner.Next;
        if (next == '\n')
        {
            scanner.Advance(2);
        }
        else if (next == Scanner.None)
        {
            scanner.Advance();
            throw state.FailOpen(state.Since(start), "a character is missing after `\\`");
        }
        else if (surrounding is Surrounding.Bare or Surrounding.Operand || Escapable[(int)surrounding].Contains(next, StringComparison.Ordinal))
        {
            scanner.Advance();
            string text = scanner.Character;
            scanner.Advance(text.Length);
            word.Add(new EscapedPart(text) { Span = state.Since(start) });
        }
        else
        {
            word.TakeLiteral(1);
        }
    }

    private void TakeQuoted(WordBuilder word, Surrounding surrounding)
    {
        SourcePosition start = state.Scanner.Position;
        WordPart part = state.Scanner.Current switch
        {
            '\'' => SingleQuoted(),
            '"' => DoubleQuoted(),
            _ => Backticks(surrounding == Surrounding.DoubleQuotes),
        };
        word.Add(part with { Span = state.Since(start) });
    }

    private SingleQuotedPart SingleQuoted()
    {
        Scanner scanner = state.Scanner;
        SourceSpan opening = state.Ahead(1);
        scanner.Advance();
        int length = scanner.Rest.IndexOf('\'');
        if (length < 0)
        {
            scanner.Advance(scanner.Rest.Length);
            throw state.FailOpen(opening, "the quote `'` is never closed");
        }

        string text = scanner.Rest[..length].ToString();
        scanner.Advance(length + 1);
        return new SingleQuotedPart(text);
    }

    private DoubleQuotedPart DoubleQuoted()
    {
        SourceSpan opening = state.Ahead(1);
        state.Scanner.Advance();
        NodeList<WordPart> parts = ReadParts(Surrounding.DoubleQuotes);
        if (state.Scanner.AtEnd)
        {
            throw state.FailOpen(opening, "the quote `\"` is never closed");
        }

        state.Scanner.Advance();
        return new DoubleQuotedPart(parts);
    }

    private bool TryDollar(WordBuilder word, Surrounding surrounding)
    {
        SourcePosition start = state.Scanner.Position;
        bool isQuoted = surrounding is not (Surrounding.Bare or Surrounding.Operand);
        WordPart? part = state.Scanner.Next switch
        {
            '\'' when !isQuoted => new AnsiQuoteReader(state).Read(),
            '"' when !isQuoted => throw state.Fail(state.Ahead(2), "`$\"...\"` is not supported: texts are not translated"),
            '[' => throw state.Fail(state.Ahead(2), "`$[...]` is not supported: write `$((...))`"),
            '(' => state.Scanner.Ahead(2) == '(' ? Arithmetic() : CommandSubstitution(),
            _ => new ParameterReader(state, operandIsQuoted => Read(operandIsQuoted ? Surrounding.QuotedOperand : Surrounding.Operand))
                .TryRead(isQuoted),
        };
        if (part is not null)
        {
            word.Add(part with { Span = state.Since(start) });
        }

        return part is not null;
    }

    private ArithmeticPart Arithmetic()
    {
        SourceSpan opening = state.Ahead(3);
        state.Scanner.Advance(3);
        return Nested(opening, () => new ArithmeticPart(new ArithmeticParser(state).Parse(opening)));
    }

    private CommandSubstitutionPart CommandSubstitution()
    {
        SourceSpan opening = state.Ahead(2);
        state.Scanner.Advance(2);
        return Nested(opening, () => new CommandSubstitutionPart(new CommandParser(state).ParseSubstitution(opening), IsBackticked: false));
    }

    private CommandSubstitutionPart Backticks(bool isQuoted)
    {
        SourceSpan opening = state.Ahead(1);
        Scanner inside = Backtick.Take(state, isQuoted);
        return Nested(opening, () => new CommandSubstitutionPart(
            state.Within(inside, () => new CommandParser(state).ParseAll()), IsBackticked: true));
    }

    private T Nested<T>(SourceSpan opening, Func<T> read)
    {
        var mark = state.Completion.Mark();
        state.Enter(opening);
        T part = read();
        state.Leave();
        state.Completion.Return(mark);
        return part;
    }
}
