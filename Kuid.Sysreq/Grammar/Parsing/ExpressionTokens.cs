using Kuid.Sysreq.Grammar.Tree;

namespace Kuid.Sysreq.Grammar.Parsing;

/// <summary>The kinds of tokens in an expression.</summary>
internal enum ExpressionTokenKind
{
    /// <summary>What ends the expression; it is not gone past.</summary>
    End,

    /// <summary>It is not gone past either: it may not belong to the expression.</summary>
    RightParenthesis,
    LeftParenthesis,
    Operator,
    Name,
    Number,
    Text,
}

/// <summary>A token in an expression.</summary>
/// <param name="Text">As written.</param>
/// <param name="Word">What a text is.</param>
/// <param name="Unit">What follows a number's digits.</param>
internal readonly record struct ExpressionToken(
    ExpressionTokenKind Kind, SourceSpan Span, string Text, Word? Word = null, string Unit = "")
{
    internal bool IsOperator(params ReadOnlySpan<string> texts) => Kind == ExpressionTokenKind.Operator && texts.Contains(Text);

    /// <summary>How an error's sentence names it.</summary>
    internal string Name => Kind == ExpressionTokenKind.End ? Text : Quoting.Code(Word is null ? Text + Unit : SourcePrinter.Print(Word));
}

/// <summary>
/// The tokens of the expression after <c>where</c>. It ends before a <c>|</c>, <c>;</c>, <c>&amp;</c> or the end of the line, and before
/// a parenthesis that it has not opened itself; within parentheses and behind an operator a line may end.
/// </summary>
internal sealed class ExpressionTokens(ParseState state, Lexer lexer)
{
    /// <summary>The operators that are no words, longer ones before their beginnings.</summary>
    internal static readonly string[] Signs =
        ["||", "&&", "==", "=~", "!=", "!~", "<=", ">=", "=", "<", ">", "+", "-", "*", "/", "%", "!"];

    /// <summary>The operators that are words.</summary>
    internal static readonly string[] Words = ["or", "and", "not"];

    private readonly WordReader _words = new(state);

    /// <summary>The next token.</summary>
    /// <param name="linesMayEnd">Whether the end of a line is a blank here.</param>
    internal ExpressionToken Next(bool linesMayEnd)
    {
        Scanner scanner = state.Scanner;
        lexer.SkipBlanks();
        while (linesMayEnd && scanner.Current == '\n')
        {
            lexer.TakeNewline();
            lexer.SkipBlanks();
        }

        state.Completion.Begin(scanner.Position);
        ExpressionToken token = Read(scanner.Position);
        bool isSign = token.Kind is ExpressionTokenKind.LeftParenthesis
            || (token.Kind == ExpressionTokenKind.Operator && !char.IsAsciiLetter(token.Text[0]));
        if (scanner.AtEnd && scanner.EndsWithSource && !isSign)
        {
            state.Completion.Touch();
        }

        return token;
    }

    private ExpressionToken Read(SourcePosition start)
    {
        Scanner scanner = state.Scanner;
        char c = scanner.Current;
        if (scanner.AtEnd)
        {
            return new ExpressionToken(ExpressionTokenKind.End, state.Since(start), "the end of the input");
        }

        foreach (string sign in Signs)
        {
            if (scanner.TryTake(sign))
            {
                return new ExpressionToken(ExpressionTokenKind.Operator, state.Since(start), sign);
            }
        }

        switch (c)
        {
            case '\n':
                return new ExpressionToken(ExpressionTokenKind.End, state.Since(start), "the end of the line");
            case '|' or ';' or '&':
                return new ExpressionToken(ExpressionTokenKind.End, state.Ahead(1), $"`{c}`");
            case ')':
                return new ExpressionToken(ExpressionTokenKind.RightParenthesis, state.Ahead(1), ")");
            case '(':
                scanner.Advance();
                return new ExpressionToken(ExpressionTokenKind.LeftParenthesis, state.Since(start), "(");
            case '\'' or '"' or '$' or '`':
                Word word = _words.ReadQuoted();
                return new ExpressionToken(ExpressionTokenKind.Text, state.Since(start), "", word);
            case var _ when char.IsAsciiDigit(c):
                (string number, string unit) = NumberReader.Read(state);
                return new ExpressionToken(ExpressionTokenKind.Number, state.Since(start), number, Unit: unit);
            case var _ when Names.Starts(c):
                string name = scanner.Rest[..Names.VariableLength(scanner.Rest)].ToString();
                scanner.Advance(name.Length);
                bool isOperator = Words.Contains(name, StringComparer.Ordinal);
                return new ExpressionToken(isOperator ? ExpressionTokenKind.Operator : ExpressionTokenKind.Name, state.Since(start), name);
            default:
                throw Stray();
        }
    }

    private SyntaxException Stray() => state.Fail(
        state.Ahead(),
        $"{Quoting.Code(state.Scanner.Character)} cannot stand in an expression; a text or a regular expression is written in quotes");
}
