namespace Kuid.Sysreq.Grammar.Parsing;

/// <summary>The operators between words; of those that fit, the longest is read.</summary>
internal static class Operators
{
    /// <summary>Every operator of the grammar, longer ones before their beginnings.</summary>
    internal static readonly (string Text, TokenKind Kind)[] All =
    [
        (";;", TokenKind.DoubleSemicolon),
        (";", TokenKind.Semicolon),
        ("&&", TokenKind.AndAnd),
        ("&>", TokenKind.AmpersandGreater),
        ("&", TokenKind.Ampersand),
        ("||", TokenKind.OrOr),
        ("|&", TokenKind.PipeAmpersand),
        ("|", TokenKind.Pipe),
        ("(", TokenKind.LeftParenthesis),
        (")", TokenKind.RightParenthesis),
        ("<<<", TokenKind.TripleLess),
        ("<<-", TokenKind.DoubleLessDash),
        ("<<", TokenKind.DoubleLess),
        ("<", TokenKind.Less),
        (">>", TokenKind.DoubleGreater),
        (">&", TokenKind.GreaterAmpersand),
        (">|", TokenKind.GreaterPipe),
        (">", TokenKind.Greater),
    ];

    /// <summary>What other shells have and this language has not, tried before <see cref="All"/>.</summary>
    internal static readonly (string Text, string Message)[] Refused =
    [
        (";;&", "`;;&` is not supported: a `case` ends with the first pattern that fits"),
        (";&", "`;&` is not supported: a `case` ends with the first pattern that fits"),
        ("&>>", "`&>>` is not supported: write `>> FILE 2>&1`"),
        ("<&", "`<&` is not supported: input is redirected with `< FILE`, `<<` or `<<<`"),
        ("<>", "`<>` is not supported: a file is read with `<` or written with `>`"),
        ("<(", "process substitution, `<(...)`, is not supported: join commands with `|`, or write to a file first"),
        (">(", "process substitution, `>(...)`, is not supported: join commands with `|`, or write to a file first"),
    ];
}
