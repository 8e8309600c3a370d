namespace Kuid.Sysreq.Grammar;

/// <summary>A script that cannot be read: nothing of it has run.</summary>
/// <param name="message">What is wrong, in a sentence without the place.</param>
/// <param name="isIncomplete">Whether more lines could make it right: a quote or an <c>if</c> is still open.</param>
public sealed class SyntaxException(string message, SourceSpan span, string line, bool isIncomplete = false) : Exception(message)
{
    /// <summary>Where it cannot.</summary>
    public SourceSpan Span => span;

    /// <summary>The line of the source that it begins in, without its end.</summary>
    public string Line => line;

    /// <summary>Whether more lines could make it right, so that a prompt asks for one instead of complaining.</summary>
    public bool IsIncomplete => isIncomplete;

    /// <summary>Three lines for a terminal: <c>line:column: message</c>, the line of the source, and a caret below the place.</summary>
    public string Render() => $"{span.Start}: {Message}\n{SourceExcerpt.Of(line, span)}";
}
