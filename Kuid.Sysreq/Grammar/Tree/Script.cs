namespace Kuid.Sysreq.Grammar.Tree;

/// <summary>A sequence of statements: a whole input, the body of a compound, the inside of a substitution.</summary>
public sealed record Script(NodeList<Statement> Statements) : SyntaxNode;

/// <summary>One and-or list, ended by <c>;</c>, a newline or <c>&amp;</c>.</summary>
/// <param name="IsBackground">Whether it was ended by <c>&amp;</c>.</param>
public sealed record Statement(AndOrList List, bool IsBackground) : SyntaxNode;

/// <summary>Pipelines joined by <c>&amp;&amp;</c> and <c>||</c>, which have the same rank and are read from the left.</summary>
public sealed record AndOrList(PipelineNode First, NodeList<AndOrTail> Rest) : SyntaxNode;

/// <summary>What follows an <c>&amp;&amp;</c> or an <c>||</c>.</summary>
/// <param name="IsAnd">Whether it runs after success, by <c>&amp;&amp;</c>; else after failure, by <c>||</c>.</param>
public sealed record AndOrTail(bool IsAnd, PipelineNode Pipeline) : SyntaxNode;

/// <summary>Commands whose rows flow from one to the next.</summary>
/// <param name="IsTimed">Whether <c>time</c> stands before it.</param>
/// <param name="IsNegated">Whether <c>!</c> stands before it.</param>
public sealed record PipelineNode(bool IsTimed, bool IsNegated, NodeList<Stage> Stages) : SyntaxNode;

/// <summary>A command in a pipeline.</summary>
/// <param name="PassesErrors">Whether <c>|&amp;</c> stands behind it: its errors flow on as rows too.</param>
public sealed record Stage(CommandNode Command, bool PassesErrors) : SyntaxNode;
