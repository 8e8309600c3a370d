namespace Kuid.Sysreq.Grammar;

/// <summary>A script that cannot be read: nothing of it has run.</summary>
public sealed class SyntaxException(string message, SourceSpan span, string line) : Exception(message)
{
    /// <summary>Where it cannot.</summary>
    public SourceSpan Span => span;

    /// <summary>The line of the source that it begins in, without its end.</summary>
    public string Line => line;
}
