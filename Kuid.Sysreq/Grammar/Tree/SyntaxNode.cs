namespace Kuid.Sysreq.Grammar.Tree;

/// <summary>
/// A part of a parsed script. Nodes are equal when they say the same, wherever they stand: a tree that is printed and parsed again
/// equals itself.
/// </summary>
public abstract record SyntaxNode
{
    /// <summary>Where it stands.</summary>
    public SourceSpan Span { get; init; }

    /// <inheritdoc/>
    public sealed override string ToString() => SourcePrinter.Print(this);

    /// <summary>Two nodes of one type are equal; what a type adds, it compares itself.</summary>
    public virtual bool Equals(SyntaxNode? other) => other is not null && EqualityContract == other.EqualityContract;

    /// <inheritdoc/>
    public override int GetHashCode() => EqualityContract.GetHashCode();
}
