using Kuid.Sysreq.Grammar.Printing;
using Kuid.Sysreq.Grammar.Tree;

namespace Kuid.Sysreq.Grammar;

/// <summary>Prints a tree as source that parses to the same tree.</summary>
public static class SourcePrinter
{
    /// <summary>
    /// The source of a node, in one line but for the texts of here-documents, which follow it, and for ends of lines within quotes. Each
    /// construct has one form, whatever it was read from: <c>function f { ls; }</c> is printed <c>f() { ls; }</c>.
    /// </summary>
    public static string Print(SyntaxNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        var printer = new Printer();
        printer.Node(node);
        printer.Documents();
        return printer.ToString();
    }
}
