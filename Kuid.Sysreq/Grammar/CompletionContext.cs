using Kuid.Sysreq.Grammar.Tree;

namespace Kuid.Sysreq.Grammar;

/// <summary>What can stand where a prompt's cursor is.</summary>
public enum CompletionKind
{
    /// <summary>Nothing that could be named: the text of a comment or of a here-document.</summary>
    Nothing,

    /// <summary>The name of a command.</summary>
    Command,

    /// <summary>An argument of <see cref="CompletionContext.Words"/>' first: a path, a column, an option, as the command has it.</summary>
    Argument,

    /// <summary>The name of a column, within <c>where</c>.</summary>
    Column,

    /// <summary>The name of a variable, behind a dollar.</summary>
    Variable,

    /// <summary>The path of a file, behind a redirection.</summary>
    Path,
}

/// <summary>What stands before a prompt's cursor.</summary>
/// <param name="Prefix">The beginning of what is to be completed, as written: quotes and backslashes are still in it.</param>
/// <param name="Start">Where in the source the prefix begins, in UTF-16 units.</param>
/// <param name="Words">The words of the command before the prefix, its name first; empty at the name itself.</param>
/// <param name="Stages">The stages of the pipeline before the command: what gives the columns.</param>
public sealed record CompletionContext(
    CompletionKind Kind, string Prefix, int Start, IReadOnlyList<Word> Words, IReadOnlyList<Stage> Stages);
