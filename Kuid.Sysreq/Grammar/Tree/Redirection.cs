namespace Kuid.Sysreq.Grammar.Tree;

/// <summary>What a redirection does.</summary>
public enum RedirectionKind
{
    /// <summary><c>&lt; FILE</c>: input from a remote file.</summary>
    Input,

    /// <summary><c>&gt; FILE</c>: output to a remote file, emptied before.</summary>
    Output,

    /// <summary><c>&gt;&gt; FILE</c>: output to the end of a remote file.</summary>
    Append,

    /// <summary><c>&gt;&amp; N</c>: output to where descriptor N goes.</summary>
    Duplicate,

    /// <summary><c>&amp;&gt; FILE</c>: output and errors to a remote file.</summary>
    OutputAndErrors,

    /// <summary><c>&lt;&lt; WORD</c>: input from the lines that follow.</summary>
    HereDocument,

    /// <summary><c>&lt;&lt;&lt; WORD</c>: input from a word.</summary>
    HereString,
}

/// <summary>A redirection of a command.</summary>
/// <param name="Descriptor">1 or 2 for output, 0 for input, as written before the sign; null when nothing was.</param>
/// <param name="Target">The file, the descriptor or the text; for a here-document its text, whose parts expand unless its delimiter was quoted.</param>
/// <param name="Document">What only a here-document has.</param>
public sealed record Redirection(RedirectionKind Kind, int? Descriptor, Word Target, HereDocument? Document) : SyntaxNode
{
    /// <summary>The file, the descriptor or the text.</summary>
    // The text of a here-document stands in the next line, when the command that it belongs to has been read and is in the tree already.
    public Word Target { get; internal set; } = Target;
}

/// <summary>How a here-document was written.</summary>
/// <param name="Delimiter">The line that ends it.</param>
/// <param name="IsQuoted">Whether the delimiter was quoted: nothing in the text expands.</param>
/// <param name="StripsTabs">Whether it was <c>&lt;&lt;-</c>: tabs at the beginning of lines are no part of the text.</param>
public sealed record HereDocument(string Delimiter, bool IsQuoted, bool StripsTabs) : SyntaxNode;
