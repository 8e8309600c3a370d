using Kuid.Sysreq.Grammar.Tree;

namespace Kuid.Sysreq.Grammar;

/// <summary>Prints a tree as source that parses to the same tree.</summary>
public static class SourcePrinter
{
    /// <summary>The source of a node.</summary>
    public static string Print(SyntaxNode node) => throw new NotSupportedException($"no source is printed for {node?.GetType().Name} yet");
}
