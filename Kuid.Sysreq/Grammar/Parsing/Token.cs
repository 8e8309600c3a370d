using Kuid.Sysreq.Grammar.Tree;

namespace Kuid.Sysreq.Grammar.Parsing;

/// <summary>The kinds of tokens between which a script's structure is read.</summary>
internal enum TokenKind
{
    End,
    Newline,
    Word,

    /// <summary>The digits before a redirection's sign.</summary>
    Descriptor,

    Semicolon,
    DoubleSemicolon,
    Ampersand,
    AndAnd,
    OrOr,
    Pipe,
    PipeAmpersand,
    LeftParenthesis,
    RightParenthesis,
    Less,
    DoubleLess,
    DoubleLessDash,
    TripleLess,
    Greater,
    GreaterAmpersand,
    GreaterPipe,
    DoubleGreater,
    AmpersandGreater,
}

/// <summary>A token.</summary>
/// <param name="Text">Its text: an operator's, a bare word's, a descriptor's; null for a word with quotes or substitutions.</param>
/// <param name="Word">What a word is.</param>
internal readonly record struct Token(TokenKind Kind, SourceSpan Span, string? Text, Word? Word)
{
    /// <summary>Whether it is this word, unquoted.</summary>
    internal bool Is(string keyword) => Kind == TokenKind.Word && Text == keyword;

    /// <summary>How an error's sentence names it.</summary>
    internal string Name => Kind switch
    {
        TokenKind.End => "the end of the input",
        TokenKind.Newline => "the end of the line",
        _ => Quoting.Code(Text ?? SourcePrinter.Print(Word!)),
    };
}
