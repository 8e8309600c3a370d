using Kuid.Sysreq.Grammar.Tree;
using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Evaluation.Expansion;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Evaluation;

/// <summary>
/// The columns of a compound command or a function before it runs, for the stage behind it: those of every pipeline in it whose rows
/// come out, by name, in the order in which they first stand there.
/// </summary>
/// <remarks>
/// Nothing is run for it. A command is bound with the arguments that stand there as they are, up to the first one that has a
/// substitution or a pattern, and told that more will follow, as <c>xargs</c> does; a positional parameter of a function is known from its call.
/// A column of two kinds is of any kind. What cannot be bound so, such as <c>select $x</c>, adds nothing.
/// </remarks>
internal sealed class StaticColumns
{
    private readonly Shell _shell;
    private readonly HashSet<string> _within = new(StringComparer.Ordinal);
    private readonly List<Column> _columns = [];
    private IReadOnlyList<string> _arguments = [];

    private StaticColumns(Shell shell) => _shell = shell;

    /// <summary>The columns of a compound command.</summary>
    /// <param name="input">The columns of its input; null when it has none.</param>
    public static IReadOnlyList<Column> Of(CommandNode command, Shell shell, IReadOnlyList<Column>? input)
    {
        var columns = new StaticColumns(shell) { _arguments = shell.Arguments };
        columns.Add(command, Source(input));
        return columns._columns;
    }

    /// <summary>The columns of a call of a function.</summary>
    public static IReadOnlyList<Column> Of(
        FunctionDefinition function, IReadOnlyList<Argument> arguments, Shell shell, IReadOnlyList<Column>? input)
    {
        var columns = new StaticColumns(shell);
        columns.Add(function, arguments, Source(input));
        return columns._columns;
    }

    /// <summary>What stages give to one behind them, columns on demand among it.</summary>
    public static IReadOnlyList<Column> Before(IReadOnlyList<Stage> stages, Shell shell)
    {
        RowSource? source = new StaticColumns(shell) { _arguments = shell.Arguments }.Chain(stages, input: null);
        return [.. source?.Columns ?? [], .. source?.OnDemand ?? []];
    }

    private static GivenRowsSource? Source(IReadOnlyList<Column>? columns) => columns is null ? null : new GivenRowsSource(columns, []);

    private void Add(Script script, RowSource? input)
    {
        foreach (Statement statement in script.Statements)
        {
            Add(statement.List.First, input);
            foreach (AndOrTail tail in statement.List.Rest)
            {
                Add(tail.Pipeline, input);
            }
        }
    }

    private void Add(PipelineNode pipeline, RowSource? input)
    {
        Add(pipeline.Stages[^1].Command, Chain(pipeline.Stages.SkipLast(1), input));
    }

    private RowSource? Chain(IEnumerable<Stage> stages, RowSource? input)
    {
        foreach (Stage stage in stages)
        {
            var inner = new StaticColumns(_shell) { _arguments = _arguments };
            inner._within.UnionWith(_within);
            input = stage.PassesErrors || stage.Command.Redirections.Count > 0
                ? Source(inner.Collect(stage, input))
                : inner.Bind(stage.Command, input) ?? Source(inner.Collect(stage, input));
        }

        return input;
    }

    private List<Column> Collect(Stage stage, RowSource? input)
    {
        Add(stage.Command, input);
        if (stage.PassesErrors)
        {
            Add(ErrorRows.Column);
        }

        return _columns;
    }

    private void Add(CommandNode command, RowSource? input)
    {
        if (command.Redirections.Any(redirection => redirection.Kind is not (RedirectionKind.Input or RedirectionKind.HereDocument
            or RedirectionKind.HereString) && redirection.Descriptor is null or 1))
        {
            return;
        }

        switch (command)
        {
            case Group group:
                Add(group.Body, input);
                break;
            case Subshell subshell:
                Add(subshell.Body, input);
                break;
            case ForCommand loop:
                Add(loop.Body, input);
                break;
            case WhileCommand loop:
                Add(loop.Condition, input);
                Add(loop.Body, input);
                break;
            case IfCommand choice:
                foreach (IfClause clause in choice.Clauses)
                {
                    Add(clause.Condition, input);
                    Add(clause.Body, input);
                }

                if (choice.Else is { } otherwise)
                {
                    Add(otherwise, input);
                }

                break;
            case CaseCommand choice:
                foreach (CaseItem item in choice.Items)
                {
                    Add(item.Body, input);
                }

                break;
            case SimpleCommand { Words: [var first, ..] } simple when Text(first) is { } name && _shell.Functions.GetValueOrDefault(name) is { } function:
                (IReadOnlyList<Argument> arguments, _) = Known(simple);
                Add(function, arguments, input);
                break;
            default:
                foreach (Column column in Bind(command, input)?.Columns ?? [])
                {
                    Add(column);
                }

                break;
        }
    }

    private void Add(FunctionDefinition function, IReadOnlyList<Argument> arguments, RowSource? input)
    {
        // A function that calls itself adds nothing by that.
        if (!_within.Add(function.Name))
        {
            return;
        }

        IReadOnlyList<string> outer = _arguments;
        _arguments = [.. arguments.Select(argument => ShellText.Of(argument.Value))];
        Add(function.Body, input);
        _arguments = outer;
        _within.Remove(function.Name);
    }

    private void Add(Column column)
    {
        int at = _columns.FindIndex(known => known.Name == column.Name);
        if (at < 0)
        {
            _columns.Add(column);
        }
        else if (_columns[at].Kind != column.Kind)
        {
            _columns[at] = column with { Kind = ValueKind.Any };
        }
    }

    private RowSource? Bind(CommandNode command, RowSource? input)
    {
        if (command is WhereCommand)
        {
            return input;
        }

        if (command is not SimpleCommand { Words: [var first, ..] } simple || Text(first) is not { } name
            || _shell.Functions.ContainsKey(name) || CommandTable.Find(name) is not { } found)
        {
            return null;
        }

        (IReadOnlyList<Argument> arguments, bool areAll) = Known(simple);
        bool hasInput = simple.Redirections.Any(redirection => redirection.Kind
            is RedirectionKind.Input or RedirectionKind.HereDocument or RedirectionKind.HereString);
        try
        {
            return found.Bind(new CommandCall(
                name, simple.Span, arguments, hasInput ? Source([DataColumn.Instance]) : input, AwaitsArguments: !areAll));
        }
        catch (CommandException)
        {
            // It will be said when it runs, with what the words are then.
            return null;
        }
    }

    private (IReadOnlyList<Argument> Arguments, bool AreAll) Known(SimpleCommand simple)
    {
        var arguments = new List<Argument>();
        foreach (Word word in simple.Words.Skip(1))
        {
            if (Text(word) is not { } text)
            {
                return (arguments, false);
            }

            arguments.Add(new Argument(ShellText.ToValue(text), word.Span));
        }

        return (arguments, true);
    }

    /// <summary>The text of a word that has one whatever the script does; null for another.</summary>
    private string? Text(Word word)
    {
        var text = new System.Text.StringBuilder();
        return word.Parts.All(part => Add(text, part, isQuoted: false)) ? text.ToString() : null;
    }

    private bool Add(System.Text.StringBuilder text, WordPart part, bool isQuoted)
    {
        string? known = part switch
        {
            LiteralPart literal when isQuoted || literal.Text.AsSpan().IndexOfAny("*?[{~") < 0 => literal.Text,
            EscapedPart escaped => escaped.Text,
            SingleQuotedPart quoted => quoted.Text,
            AnsiQuotedPart quoted => quoted.Value,
            ParameterPart { Operation: ParameterOperation.Value, Name: [>= '1' and <= '9'] name } => _arguments.ElementAtOrDefault(name[0] - '1'),
            _ => null,
        };
        if (part is DoubleQuotedPart inner)
        {
            return inner.Parts.All(piece => Add(text, piece, isQuoted: true));
        }

        text.Append(known);
        return known is not null;
    }
}
