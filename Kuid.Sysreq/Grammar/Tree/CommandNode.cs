namespace Kuid.Sysreq.Grammar.Tree;

/// <summary>A simple or a compound command.</summary>
/// <param name="Redirections">Its redirections, in their order.</param>
public abstract record CommandNode(NodeList<Redirection> Redirections) : SyntaxNode;

/// <summary>Assignments and words: <c>A=1 ls -l /etc</c>. Without words the assignments are the shell's own.</summary>
public sealed record SimpleCommand(NodeList<Assignment> Assignments, NodeList<Word> Words, NodeList<Redirection> Redirections)
    : CommandNode(Redirections);

/// <summary><c>where CONDITION</c>, the one command whose argument is an expression and no words.</summary>
public sealed record WhereCommand(Expression Condition) : CommandNode([]);

/// <summary><c>( ... )</c>: on a connection of its own, so that its directory is its own too.</summary>
public sealed record Subshell(Script Body, NodeList<Redirection> Redirections) : CommandNode(Redirections);

/// <summary><c>{ ...; }</c>.</summary>
public sealed record Group(Script Body, NodeList<Redirection> Redirections) : CommandNode(Redirections);

/// <summary><c>for NAME in WORDS; do ...; done</c>.</summary>
/// <param name="Words">What it goes through; null without <c>in</c>: the arguments.</param>
public sealed record ForCommand(string Name, NodeList<Word>? Words, Script Body, NodeList<Redirection> Redirections)
    : CommandNode(Redirections);

/// <summary><c>while ...; do ...; done</c> and <c>until</c>.</summary>
/// <param name="IsUntil">Whether it goes on as long as the condition fails.</param>
public sealed record WhileCommand(bool IsUntil, Script Condition, Script Body, NodeList<Redirection> Redirections)
    : CommandNode(Redirections);

/// <summary><c>if ...; then ...; elif ...; then ...; else ...; fi</c>.</summary>
public sealed record IfCommand(NodeList<IfClause> Clauses, Script? Else, NodeList<Redirection> Redirections)
    : CommandNode(Redirections);

/// <summary>A condition and what follows from it.</summary>
public sealed record IfClause(Script Condition, Script Body) : SyntaxNode;

/// <summary><c>case WORD in PATTERN|PATTERN) ... ;; esac</c>.</summary>
public sealed record CaseCommand(Word Subject, NodeList<CaseItem> Items, NodeList<Redirection> Redirections)
    : CommandNode(Redirections);

/// <summary>Patterns and what is done when one of them fits.</summary>
public sealed record CaseItem(NodeList<Word> Patterns, Script Body) : SyntaxNode;

/// <summary><c>NAME() COMPOUND</c>.</summary>
public sealed record FunctionDefinition(string Name, CommandNode Body) : CommandNode([]);

/// <summary><c>NAME=WORD</c>, or <c>NAME+=WORD</c>.</summary>
/// <param name="Appends">Whether it adds to what the variable has.</param>
/// <param name="Value">Null when nothing follows the sign.</param>
public sealed record Assignment(string Name, bool Appends, Word? Value) : SyntaxNode;
