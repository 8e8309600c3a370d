using Kuid.Sysreq.Grammar.Tree;
using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Evaluation.Expansion;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Evaluation;

internal sealed partial class Evaluator
{
    private async ValueTask RunSimpleAsync(SimpleCommand simple, Streams streams) =>
        await GuardAsync(streams, NameOf(simple), async () =>
        {
            _isBound = false;
            SimpleCall call = await PrepareAsync(simple, streams);
            try
            {
                CommandStage? stage = call.Command is null ? null : BindCommand(call, call.Command, streams, isLast: true);
                _isBound = true;
                await (stage is null
                    ? RunRedirectedAsync(call.Redirections, streams, inner => RunAsync(call, inner))
                    : RunStageAsync(stage, streams));
            }
            finally
            {
                PutBack(call);
            }
        });

    /// <summary>Runs a call of a function, or assignments without a command, whose redirections are open.</summary>
    private async ValueTask RunAsync(SimpleCall call, Streams streams)
    {
        if (call.Function is { } function)
        {
            await CallAsync(function, [.. call.Arguments.Select(argument => ShellText.Of(argument.Value))], streams);
        }
        else if (streams is { Input: { } input } && call.Redirections.InputFile is not null && call.Replaced.Count == 0)
        {
            // `$(< FILE)`: a redirection alone prints the file.
            await using var rows = input.ToSource().ReadAsync(new StageContext(this, Shell.Name, streams), Cancellation).GetAsyncEnumerator(Cancellation);
            await streams.Output.TakeAsync(input.Columns, rows);
            Shell.Status = 0;
        }
        else
        {
            Shell.Status = _substituted ?? 0;
        }
    }

    private async ValueTask RunWhereAsync(WhereCommand where, Streams streams) =>
        await GuardAsync(streams, "where", async () =>
        {
            _isBound = false;
            CommandStage stage = await BindWhereAsync(where, passesErrors: false, streams, isLast: true);
            _isBound = true;
            await RunStageAsync(stage, streams);
        });

    private async ValueTask RunStageAsync(CommandStage stage, Streams streams)
    {
        await using IAsyncEnumerator<Value[]> rows = stage.ReadAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        await streams.Output.TakeAsync(stage.Columns, rows);
        Shell.Status = stage.Status;
    }

    private async ValueTask<CommandStage> BindWhereAsync(WhereCommand where, bool passesErrors, Streams streams, bool isLast)
    {
        if (streams.Input is not { Columns.Count: > 0 } input)
        {
            throw new CommandException("needs rows to work on, as in ls | where size > 1KB", where.Span, status: 2);
        }

        IReadOnlyDictionary<Word, Value> texts = await ConditionTexts.ExpandAsync(where.Condition, Words(streams));
        var redirections = new RedirectionPlan();
        if (passesErrors)
        {
            redirections.SendErrorsWithRows();
        }

        return ToStage(WhereSource.Bind(input.ToSource(), where, word => texts[word]), "where", redirections, streams, isLast, leavesConnectionAlone: true);
    }

    private async ValueTask CallAsync(FunctionDefinition function, IReadOnlyList<string> arguments, Streams streams)
    {
        if (Shell.Depth >= Shell.MaxDepth || !System.Runtime.CompilerServices.RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new CommandException($"functions call one another more than {Shell.MaxDepth} deep");
        }

        (IReadOnlyList<string> outerArguments, int outerLoops, var outerLocals) = (Shell.Arguments, Shell.LoopDepth, Shell.Locals);
        (Shell.Arguments, Shell.LoopDepth, Shell.Locals) = (arguments, 0, new Dictionary<string, Variable?>(StringComparer.Ordinal));
        Shell.Depth++;
        try
        {
            await RunAsync(function.Body, streams);
        }
        finally
        {
            foreach ((string name, Variable? replaced) in Shell.Locals)
            {
                Shell.Variables.Restore(name, replaced);
            }

            Shell.Depth--;
            (Shell.Arguments, Shell.LoopDepth, Shell.Locals) = (outerArguments, outerLoops, outerLocals);
        }

        if (Shell.Leaving.Kind == DepartureKind.Return)
        {
            Shell.Leaving = default;
        }
    }

    /// <summary>Expands the words of a command, then its redirections, then its assignments, which take effect at once.</summary>
    private async ValueTask<SimpleCall> PrepareAsync(SimpleCommand simple, Streams streams)
    {
        WordExpander words = Words(streams);
        _substituted = null;
        List<Argument> arguments = await DeclarationWords.ExpandAsync(simple.Words, words);
        RedirectionPlan redirections = await RedirectionPlan.OfAsync(words, simple.Redirections);
        string name = arguments is [var first, ..] ? ShellText.Of(first.Value) : "";
        (FunctionDefinition? function, Command? command) = arguments.Count == 0 ? (null, null) : Find(name, arguments[0]);
        var replaced = new Dictionary<string, Variable?>(StringComparer.Ordinal);
        var call = new SimpleCall(
            name, arguments.Count == 0 ? simple.Span : arguments[0].Span, [.. arguments.Skip(1)], redirections, function, command, replaced);
        try
        {
            foreach (Assignment assignment in simple.Assignments)
            {
                string value = await words.AssignedAsync(assignment.Value);
                replaced.TryAdd(assignment.Name, Shell.Variables.Save(assignment.Name));
                Shell.Variables.Set(assignment.Name, assignment.Appends ? Shell.Variables.Get(assignment.Name) + value : value);
                if (arguments.Count > 0)
                {
                    Shell.Variables.Export(assignment.Name);
                }
            }
        }
        catch
        {
            PutBack(call);
            throw;
        }

        return call;
    }

    /// <summary>Undoes assignments that were for one command; those without a command stay.</summary>
    private void PutBack(SimpleCall call)
    {
        if (call.Function is null && call.Command is null)
        {
            return;
        }

        foreach ((string name, Variable? replaced) in call.Replaced)
        {
            Shell.Variables.Restore(name, replaced);
        }
    }

    private (FunctionDefinition? Function, Command? Command) Find(string name, Argument word)
    {
        if (Shell.Functions.GetValueOrDefault(name) is { } function)
        {
            return (function, null);
        }

        if (CommandTable.Find(name) is { } command)
        {
            return (null, command);
        }

        string hint = NearestName.Among(CommandTable.All.Select(known => known.Name).Concat(Shell.Functions.Keys), name) is { } near
            ? $"did you mean {near}?"
            : "`help` lists what there is, and `run` runs a program of the remote system";
        throw new CommandException($"there is no such command; {hint}", word.Span, status: 127);
    }
}
