using Kuid.Sysreq.Grammar;
using Kuid.Sysreq.Grammar.Tree;
using Kuid.Sysreq.Pipeline.Commands;

namespace Kuid.Jobd.Api.Submissions;

/// <summary>A command that a script names.</summary>
/// <param name="Place">Where its name stands.</param>
/// <param name="IsKnown">Whether there is one of that name, or a function of the script has it.</param>
internal readonly record struct CommandUse(string Name, SourcePosition Place, bool IsKnown);

/// <summary>
/// Finds the commands that a script uses, in their order. A name that is put together only when the script runs is left out: it can
/// be anything.
/// </summary>
internal sealed class CommandUses
{
    private readonly List<(string Name, SourcePosition Place)> _uses = [];
    private readonly HashSet<string> _functions = new(StringComparer.Ordinal);

    private CommandUses()
    {
    }

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<CommandUse> Of(Script script)
    {
        var uses = new CommandUses();
        uses.InScript(script);
        return [.. uses._uses.Select(use =>
            new CommandUse(use.Name, use.Place, CommandTable.Find(use.Name) is not null || uses._functions.Contains(use.Name)))];
    }

    private void InScript(Script? script)
    {
        foreach (Stage stage in (script?.Statements ?? []).SelectMany(statement =>
            statement.List.Rest.Select(rest => rest.Pipeline).Prepend(statement.List.First)).SelectMany(pipeline => pipeline.Stages))
        {
            InCommand(stage.Command);
        }
    }

    private void InCommand(CommandNode command)
    {
        switch (command)
        {
            case SimpleCommand simple:
                InSimple(simple);
                break;
            case WhereCommand where:
                _uses.Add(("where", where.Span.Start));
                InExpression(where.Condition);
                break;
            case Subshell subshell:
                InScript(subshell.Body);
                break;
            case Group group:
                InScript(group.Body);
                break;
            case ForCommand loop:
                InWords(loop.Words ?? []);
                InScript(loop.Body);
                break;
            case WhileCommand loop:
                InScript(loop.Condition);
                InScript(loop.Body);
                break;
            case IfCommand choice:
                foreach (IfClause clause in choice.Clauses)
                {
                    InScript(clause.Condition);
                    InScript(clause.Body);
                }

                InScript(choice.Else);
                break;
            case CaseCommand choice:
                InWords([choice.Subject, .. choice.Items.SelectMany(item => item.Patterns)]);
                foreach (CaseItem item in choice.Items)
                {
                    InScript(item.Body);
                }

                break;
            case FunctionDefinition function:
                _functions.Add(function.Name);
                InCommand(function.Body);
                break;
        }

        InWords(command.Redirections.Select(redirection => redirection.Target));
    }

    private void InSimple(SimpleCommand simple)
    {
        InWords(simple.Assignments.Select(assignment => assignment.Value).OfType<Word>());
        if (simple.Words is [{ Parts: [LiteralPart { Text: var name }] } word, ..])
        {
            _uses.Add((name, word.Span.Start));
        }

        InWords(simple.Words);
    }

    private void InWords(IEnumerable<Word> words)
    {
        foreach (WordPart part in words.SelectMany(word => word.Parts))
        {
            InPart(part);
        }
    }

    private void InPart(WordPart part)
    {
        switch (part)
        {
            case DoubleQuotedPart quoted:
                foreach (WordPart inner in quoted.Parts)
                {
                    InPart(inner);
                }

                break;
            case ParameterPart { Operand: { } operand }:
                InWords([operand]);
                break;
            case CommandSubstitutionPart substitution:
                InScript(substitution.Body);
                break;
        }
    }

    private void InExpression(Expression expression)
    {
        switch (expression)
        {
            case BinaryExpression binary:
                InExpression(binary.Left);
                InExpression(binary.Right);
                break;
            case UnaryExpression unary:
                InExpression(unary.Operand);
                break;
            case TextExpression text:
                InWords([text.Text]);
                break;
        }
    }
}
