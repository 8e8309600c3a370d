using Kuid.Sysreq.Grammar.Tree;

namespace Kuid.Sysreq.Tests.Grammar;

/// <summary>Walks trees without knowing their types.</summary>
internal static class Trees
{
    /// <summary>A node and everything in it.</summary>
    internal static IEnumerable<SyntaxNode> All(SyntaxNode node) => Children(node).SelectMany(All).Prepend(node);

    /// <summary>Every type of node that there is.</summary>
    internal static IEnumerable<Type> Types => typeof(SyntaxNode).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(SyntaxNode)) && !type.IsAbstract);

    /// <summary>Smaller scripts that are parts of a script, for the search of a small example.</summary>
    internal static IEnumerable<Script> Smaller(Script script) =>
    [
        .. script.Statements.Count > 1 ? script.Statements.Select(statement => new Script([statement])) : [],
        .. Children(script).SelectMany(All).OfType<Script>(),
        .. Children(script).SelectMany(All).OfType<CommandNode>()
            .Select(command => new Script([new Statement(new AndOrList(new PipelineNode(false, false, [new Stage(command, false)]), []), false)]))
            .Where(smaller => !smaller.Equals(script)),
    ];

    private static IEnumerable<SyntaxNode> Children(SyntaxNode node) => node.GetType().GetProperties()
        .Where(property => property.GetIndexParameters().Length == 0)
        .Select(property => property.GetValue(node))
        .SelectMany(value => value switch
        {
            SyntaxNode child => [child],
            IEnumerable<SyntaxNode> children => children,
            _ => [],
        });
}
