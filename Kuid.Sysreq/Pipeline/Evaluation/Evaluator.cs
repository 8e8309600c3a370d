using Kuid.Sysreq.Grammar.Tree;
using Kuid.Sysreq.Pipeline.Evaluation.Expansion;

namespace Kuid.Sysreq.Pipeline.Evaluation;

/// <summary>Evaluates scripts in a shell.</summary>
/// <remarks>
/// <para>
/// A pipeline is bound before it runs: from the left each stage gets its words expanded, its arguments checked and its columns known,
/// and only then the last stage is read, which reads the one before. A stage that cannot be bound ends the pipeline before anything of
/// it ran. Stages of a pipeline of several run in copies of the shell, as bash's run in processes of their own.
/// </para>
/// <para>
/// <c>break</c>, <c>return</c> and <c>exit</c> leave a mark in the shell that every construct looks at after each command. A failure of
/// a command is reported and becomes its status; a lost connection and a cancellation are exceptions that end the script.
/// </para>
/// </remarks>
internal sealed partial class Evaluator
{
    /// <summary>After so many rounds of loops the thread is given back for a moment: a loop that waits for nothing must not keep it.</summary>
    private const int RoundsInATurn = 256;

    private int _rounds;
    private int? _substituted;
    private bool _isBound = true;

    /// <summary>Evaluates in a shell.</summary>
    public Evaluator(Shell shell, CancellationToken cancellation)
    {
        Shell = shell;
        Cancellation = cancellation;
    }

    /// <summary>The shell.</summary>
    public Shell Shell { get; }

    /// <summary>Ends the script between two system calls.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>Runs the statements of a script.</summary>
    public async ValueTask RunAsync(Script script, Streams streams)
    {
        foreach (Statement statement in script.Statements)
        {
            await TakeTurnAsync();
            if (statement.IsBackground)
            {
                await GuardAsync(streams, Shell.Name, async () =>
                {
                    BackgroundJob job = await Shell.Jobs.BeginAsync(statement.List, this, streams);
                    (Shell.LastJob, Shell.Status) = (job.Id, 0);
                });
            }
            else
            {
                await RunAsync(statement.List, streams);
            }

            await Shell.Jobs.PassOnAsync();
            if (IsLeaving)
            {
                return;
            }
        }
    }

    /// <summary>Runs a list in a shell that ends with it, background jobs included.</summary>
    /// <returns>The status.</returns>
    public async ValueTask<int> RunToEndAsync(AndOrList list, Streams streams)
    {
        await RunAsync(list, streams);
        await Shell.Jobs.WaitAsync(Cancellation);
        return Shell.Status;
    }

    /// <summary>Runs a script in a shell that ends with it, background jobs included.</summary>
    /// <returns>The status.</returns>
    public async ValueTask<int> RunToEndAsync(Script script, Streams streams)
    {
        await RunAsync(script, streams);
        await Shell.Jobs.WaitAsync(Cancellation);
        return Shell.Status;
    }

    private WordExpander Words(Streams streams) => new(Shell, script => SubstituteAsync(script, streams), Cancellation);

    private bool IsLeaving => Shell.Leaving.Kind != DepartureKind.None;

    private async ValueTask RunAsync(AndOrList list, Streams streams)
    {
        await RunAsync(list.First, streams);
        foreach (AndOrTail tail in list.Rest)
        {
            if (IsLeaving)
            {
                return;
            }

            if (tail.IsAnd == (Shell.Status == 0))
            {
                await RunAsync(tail.Pipeline, streams);
            }
        }
    }

    /// <summary>Runs a command, compound or simple, whose rows go to a sink.</summary>
    private ValueTask RunAsync(CommandNode command, Streams streams) => command switch
    {
        SimpleCommand simple => RunSimpleAsync(simple, streams),
        FunctionDefinition definition => DefineAsync(definition),
        WhereCommand where => RunWhereAsync(where, streams),
        _ => RunCompoundAsync(command, streams),
    };

    private ValueTask DefineAsync(FunctionDefinition definition)
    {
        Shell.Functions[definition.Name] = definition;
        Shell.Status = 0;
        return ValueTask.CompletedTask;
    }

    /// <summary>Runs the inside of a substitution in a copy of the shell and gives what it prints.</summary>
    private async ValueTask<string> SubstituteAsync(Script script, Streams streams)
    {
        await using Shell copy = Shell.Fork();
        var collector = new TextCollector();
        var evaluator = new Evaluator(copy, Cancellation);
        _substituted = await evaluator.RunToEndAsync(script, streams with { Output = collector.Sink });
        return collector.Text;
    }

    /// <summary>Runs a step; what fails in it is reported and becomes the status.</summary>
    private async ValueTask<bool> GuardAsync(Streams streams, string command, Func<ValueTask> step)
    {
        try
        {
            await step();
            return true;
        }
        catch (Exception failure) when (Failures.IsOfCommand(failure))
        {
            (var error, Shell.Status) = Failures.Of(failure, command);
            if (failure is ExpansionException { EndsScript: true })
            {
                Shell.Leaving = new Departure(DepartureKind.Abandon);
            }

            await streams.Errors.ErrorAsync(error);
            return false;
        }
    }

    private async ValueTask TakeTurnAsync()
    {
        Cancellation.ThrowIfCancellationRequested();
        if (++_rounds % RoundsInATurn == 0)
        {
            await Task.Yield();
        }
    }
}
