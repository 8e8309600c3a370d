using System.Globalization;
using Kuid.Sysreq.Grammar.Tree;

namespace Kuid.Sysreq.Grammar.Printing;

/// <content>Commands and their redirections.</content>
internal sealed partial class Printer
{
    private void Command(CommandNode command)
    {
        switch (command)
        {
            case SimpleCommand simple:
                Joined([.. simple.Assignments, .. simple.Words, .. simple.Redirections]);
                return;
            case WhereCommand where:
                _text.Append("where ");
                Condition(where.Condition, 0);
                return;
            case FunctionDefinition function:
                _text.Append(function.Name).Append("() ");
                Command(function.Body);
                return;
            case Subshell subshell:
                _text.Append('(');
                int start = _text.Length;
                Separated(subshell.Body.Statements);

                // `((` would be arithmetic.
                _text.Insert(start, _text[start] == '(' ? " " : "").Append(')');
                break;
            case Group group:
                _text.Append("{ ");
                Terminated(group.Body);
                _text.Append('}');
                break;
            case ForCommand loop:
                _text.Append("for ").Append(loop.Name).Append(loop.Words is null ? "" : " in ");
                Joined(loop.Words ?? []);
                Do(loop.Body);
                break;
            case WhileCommand loop:
                _text.Append(loop.IsUntil ? "until " : "while ");
                Separated(loop.Condition.Statements);
                Do(loop.Body, loop.Condition);
                break;
            case IfCommand choice:
                If(choice);
                break;
            case CaseCommand choice:
                _text.Append("case ");
                Word(choice.Subject);
                _text.Append(" in ");
                foreach (CaseItem item in choice.Items)
                {
                    Item(item);
                    _text.Append(' ');
                }

                _text.Append("esac");
                break;
        }

        foreach (Redirection redirection in command.Redirections)
        {
            _text.Append(' ');
            Redirection(redirection);
        }
    }

    private void Do(Script body, Script? condition = null)
    {
        _text.Append(condition?.Statements is [.., { IsBackground: true }] ? " do " : "; do ");
        Terminated(body);
        _text.Append("done");
    }

    private void If(IfCommand choice)
    {
        for (int i = 0; i < choice.Clauses.Count; i++)
        {
            Clause(i == 0 ? "if" : "elif", choice.Clauses[i]);
        }

        if (choice.Else is { } otherwise)
        {
            _text.Append("else ");
            Terminated(otherwise);
        }

        _text.Append("fi");
    }

    private void Clause(string keyword, IfClause clause)
    {
        _text.Append(keyword).Append(' ');
        Terminated(clause.Condition);
        _text.Append("then ");
        Terminated(clause.Body);
    }

    // With both parentheses, for a pattern may be the word esac.
    private void Item(CaseItem item)
    {
        _text.Append('(');
        Joined(item.Patterns, " | ");
        _text.Append(") ");
        Separated(item.Body.Statements);
        _text.Append(item.Body.Statements.Count == 0 ? ";;" : " ;;");
    }

    private void Assignment(Assignment assignment)
    {
        _text.Append(assignment.Name).Append(assignment.Appends ? "+=" : "=");
        if (assignment.Value is { } value)
        {
            Word(value);
        }
    }

    private void Redirection(Redirection redirection)
    {
        _text.Append(redirection.Descriptor?.ToString(CultureInfo.InvariantCulture));
        if (redirection.Document is { } document)
        {
            _text.Append(document.StripsTabs ? "<<-" : "<<");
            Delimiter(document);
            _documents.Add(redirection);
            return;
        }

        _text.Append(redirection.Kind switch
        {
            RedirectionKind.Input => "< ",
            RedirectionKind.Output => "> ",
            RedirectionKind.Append => ">> ",
            RedirectionKind.Duplicate => ">&",
            RedirectionKind.OutputAndErrors => "&> ",
            _ => "<<< ",
        });
        Word(redirection.Target);
    }

    private void Delimiter(HereDocument document)
    {
        if (document.IsQuoted)
        {
            _text.Append('\'').Append(document.Delimiter.Replace("'", "'\\''", StringComparison.Ordinal)).Append('\'');
        }
        else
        {
            // `<<-` would strip tabs.
            _text.Append(document.Delimiter.StartsWith('-') ? " " : "").Append(document.Delimiter);
        }
    }
}
