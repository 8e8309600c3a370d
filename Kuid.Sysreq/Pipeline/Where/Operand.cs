using Kuid.Sysreq.Grammar;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Where;

/// <summary>A part of a condition, bound: what kind it has, and how it is found for a row.</summary>
/// <param name="Kind">Its kind, as far as it is known before there are rows.</param>
/// <param name="Description">It as it was written, for messages.</param>
/// <param name="Span">Where it stands.</param>
/// <param name="Evaluate">Its value for a row.</param>
/// <param name="Text">The text, where it is a written one: what that means depends on what it meets.</param>
internal sealed record Operand(
    ValueKind Kind, string Description, SourceSpan Span, Func<Value[], Value> Evaluate, TextLiteral? Text = null)
{
    /// <summary>It with a number or a text's value in place of what it was.</summary>
    public Operand WithConstant(Value value) => this with { Kind = value.Kind, Evaluate = _ => value, Text = null };

    /// <summary><c>size is a size</c>, <c>"x" is a text</c>.</summary>
    public string Is => Text is null ? $"{Description} is {ValueKinds.WithArticle(Kind)}" : $"{Description} is a text";
}
