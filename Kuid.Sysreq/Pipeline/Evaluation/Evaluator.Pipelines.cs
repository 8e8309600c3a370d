using System.Globalization;
using System.Text;
using Kuid.Sysreq.Grammar.Tree;
using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Rows;

namespace Kuid.Sysreq.Pipeline.Evaluation;

internal sealed partial class Evaluator
{
    private async ValueTask RunAsync(PipelineNode pipeline, Streams streams)
    {
        long begun = TimeProvider.System.GetTimestamp();
        long calls = Shell.Connection.System.Client.Completed;
        if (pipeline.Stages.Count == 1)
        {
            await RunAsync(pipeline.Stages[0].Command, streams);
        }
        else
        {
            await RunStagesAsync(pipeline.Stages, streams);
        }

        if (pipeline.IsTimed)
        {
            string line = string.Create(
                CultureInfo.InvariantCulture,
                $"real {TimeProvider.System.GetElapsedTime(begun).TotalSeconds:0.000} s, {Shell.Connection.System.Client.Completed - calls} system calls\n");
            await streams.Errors.WriteErrorAsync(Encoding.UTF8.GetBytes(line));
        }

        if (pipeline.IsNegated && !IsLeaving)
        {
            Shell.Status = Shell.Status == 0 ? 1 : 0;
        }
    }

    private async ValueTask RunStagesAsync(NodeList<Stage> stages, Streams streams)
    {
        var ends = new Stack<IAsyncDisposable>();
        var bound = new Stack<StageSource>();
        try
        {
            Streams inner = streams;
            foreach (Stage stage in stages.SkipLast(1))
            {
                Evaluator evaluator = Copy(ends);
                if (await evaluator.BindAsync(stage, inner) is not { } source)
                {
                    Shell.Status = evaluator.Shell.Status;
                    return;
                }

                bound.Push(source);
                var shared = new SharedInput(source);
                ends.Push(shared);
                inner = inner with { Input = shared };
            }

            Evaluator last = Copy(ends);
            await last.RunAsync(stages[^1].Command, inner);
            Shell.Status = last.Shell.Status;
            Shell.Jobs.Adopt(last.Shell.Jobs);
            if (last._isBound)
            {
                await RunUnreadAsync(bound);
            }
        }
        finally
        {
            while (ends.TryPop(out IAsyncDisposable? end))
            {
                await end.DisposeAsync();
            }
        }
    }

    private Evaluator Copy(Stack<IAsyncDisposable> ends)
    {
        Shell copy = Shell.Fork();
        ends.Push(copy);
        return new Evaluator(copy, Cancellation);
    }

    /// <summary>
    /// Runs the stages that nobody has read, such as <c>rm</c> in <c>rm x | echo done</c>: up to their first row, where a process in
    /// a pipe without a reader dies.
    /// </summary>
    private async ValueTask RunUnreadAsync(Stack<StageSource> stages)
    {
        while (stages.TryPop(out StageSource? stage))
        {
            if (!stage.HasBegun)
            {
                await using var rows = stage.ReadAsync(Cancellation).GetAsyncEnumerator(Cancellation);
                await rows.MoveNextAsync();
            }
        }
    }

    /// <summary>Makes a stage of a command whose rows another stage reads; null when it cannot be bound, which is reported.</summary>
    private async ValueTask<StageSource?> BindAsync(Stage stage, Streams streams)
    {
        StageSource? bound = null;
        await GuardAsync(streams, NameOf(stage.Command), async () => bound = stage.Command switch
        {
            SimpleCommand simple => await BindSimpleAsync(simple, stage.PassesErrors, streams),
            WhereCommand where => await BindWhereAsync(where, stage.PassesErrors, streams, isLast: false),
            _ => BindScript(StaticColumns.Of(stage.Command, Shell, streams.Input?.Columns), stage.PassesErrors, streams, inner => RunAsync(stage.Command, inner)),
        });
        return bound;
    }

    private async ValueTask<StageSource> BindSimpleAsync(SimpleCommand simple, bool passesErrors, Streams streams)
    {
        SimpleCall call = await PrepareAsync(simple, streams);
        if (passesErrors)
        {
            call.Redirections.SendErrorsWithRows();
        }

        if (call.Command is { } command)
        {
            return BindCommand(call, command, streams, isLast: false);
        }

        bool staysInPipeline = call.Redirections.Output == Destination.Output;
        bool withErrors = call.Redirections.Errors == Destination.Output;
        IReadOnlyList<Column> columns = call.Function is { } function && staysInPipeline
            ? StaticColumns.Of(function, call.Arguments, Shell, streams.Input?.Columns)
            : [];
        return BindScript(columns, withErrors, streams, inner => RunRedirectedAsync(call.Redirections, inner, within => RunAsync(call, within)));
    }

    private ShellStage BindScript(IReadOnlyList<Column> columns, bool withErrors, Streams streams, Func<Streams, ValueTask> run) =>
        new(withErrors ? ErrorRows.WithColumn(columns) : columns, withErrors, streams, async inner =>
        {
            await GuardAsync(inner, Shell.Name, () => run(inner));
            await Shell.Jobs.WaitAsync(Cancellation);
        });

    private CommandStage BindCommand(SimpleCall call, Command command, Streams streams, bool isLast)
    {
        SharedInput? input = call.Redirections.Input is { } redirected ? new SharedInput(redirected) : streams.Input;
        RowSource source = command.Bind(new CommandCall(call.Name, call.Span, call.Arguments, input?.ToSource()));
        return ToStage(source, call.Name, call.Redirections, streams with { Input = input }, isLast, command.LeavesConnectionAlone);
    }

    private CommandStage ToStage(
        RowSource source, string name, RedirectionPlan redirections, Streams streams, bool isLast, bool leavesConnectionAlone)
    {
        ErrorRows? errors = !isLast && redirections.Errors == Destination.Output ? new ErrorRows(name) : null;
        var context = new StageContext(this, name, errors is null ? streams : streams with { Output = errors });
        return new CommandStage(source, context, redirections, errors, leavesConnectionAlone);
    }

    private static string NameOf(CommandNode command) => command switch
    {
        SimpleCommand { Words: [{ Parts: [LiteralPart name] }, ..] } => name.Text,
        WhereCommand => "where",
        ForCommand => "for",
        WhileCommand loop => loop.IsUntil ? "until" : "while",
        IfCommand => "if",
        CaseCommand => "case",
        _ => Shell.Name,
    };
}
