using Kuid.Sysreq.Grammar;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands;

/// <summary>An argument of a command, expanded.</summary>
/// <param name="Value">Text as a rule; bytes where a name is no UTF-8; of any kind where <c>xargs</c> gives it.</param>
/// <param name="Span">The word that it comes from.</param>
public readonly record struct Argument(Value Value, SourceSpan Span);

/// <summary>A command as it is called.</summary>
/// <param name="Name">The name that it is called by.</param>
/// <param name="Span">Where that stands.</param>
/// <param name="Arguments">What follows the name, expanded.</param>
/// <param name="Input">What comes from the stage before or from a redirection; null when nothing does.</param>
/// <param name="AwaitsArguments">
/// Whether more arguments will follow, from <c>xargs</c>: only the columns are wanted of this call, and too few arguments are no mistake.
/// </param>
/// <param name="OperandsFrom">The first argument that is an operand even if it looks like an option, because a row gave it.</param>
public sealed record CommandCall(
    string Name,
    SourceSpan Span,
    IReadOnlyList<Argument> Arguments,
    RowSource? Input,
    bool AwaitsArguments = false,
    int OperandsFrom = int.MaxValue);
