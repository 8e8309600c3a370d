using System.Collections;
using System.Runtime.CompilerServices;

namespace Kuid.Sysreq.Grammar.Tree;

/// <summary>Makes lists of nodes from collection expressions.</summary>
public static class NodeList
{
    /// <summary>A list of these nodes.</summary>
    public static NodeList<T> Create<T>(ReadOnlySpan<T> nodes)
        where T : SyntaxNode => new(nodes.ToArray());
}

/// <summary>Nodes in their order; two lists are equal when their nodes are.</summary>
[CollectionBuilder(typeof(NodeList), nameof(NodeList.Create))]
public sealed class NodeList<T>(IEnumerable<T> nodes) : IReadOnlyList<T>, IEquatable<NodeList<T>>
    where T : SyntaxNode
{
    private readonly T[] _nodes = [.. nodes];

    /// <inheritdoc/>
    public int Count => _nodes.Length;

    /// <inheritdoc/>
    public T this[int index] => _nodes[index];

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_nodes).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _nodes.GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(NodeList<T>? other) => other is not null && _nodes.AsSpan().SequenceEqual(other._nodes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NodeList<T>);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (T node in _nodes)
        {
            hash.Add(node);
        }

        return hash.ToHashCode();
    }
}
