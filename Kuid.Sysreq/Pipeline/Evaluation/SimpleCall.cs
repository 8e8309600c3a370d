using Kuid.Sysreq.Grammar;
using Kuid.Sysreq.Grammar.Tree;
using Kuid.Sysreq.Pipeline.Commands;

namespace Kuid.Sysreq.Pipeline.Evaluation;

/// <summary>A simple command, its words expanded and its name looked up. Without a command and a function it was assignments alone.</summary>
/// <param name="Name">Its name; empty when it has none.</param>
/// <param name="Span">Where that stands.</param>
/// <param name="Arguments">What follows it.</param>
/// <param name="Redirections">Its redirections.</param>
/// <param name="Function">The function of that name.</param>
/// <param name="Command">The command of that name, where there is no function.</param>
/// <param name="Replaced">What the assignments before it have replaced.</param>
internal sealed record SimpleCall(
    string Name,
    SourceSpan Span,
    IReadOnlyList<Argument> Arguments,
    RedirectionPlan Redirections,
    FunctionDefinition? Function,
    Command? Command,
    IReadOnlyDictionary<string, Variable?> Replaced);
