using Kuid.Sysreq.Grammar.Tree;
using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Evaluation;

/// <summary>The background jobs that a shell began.</summary>
/// <remarks>
/// A sink takes one pipeline at a time, and what waits for a job may be in the middle of one: so a job never waits for the sink. What
/// it gives is kept, up to a limit, and passed on by the shell between two of its own commands.
/// </remarks>
internal sealed class BackgroundJobs(SessionScope scope)
{
    /// <summary>How many may run in a session.</summary>
    private const int Limit = 64;

    private readonly List<BackgroundJob> _jobs = [];
    private readonly List<BackgroundJob> _adopted = [];

    /// <summary>Those that nobody has waited for, in the order in which they began.</summary>
    public IReadOnlyList<BackgroundJob> All => _jobs;

    /// <summary>Those of the shell that this one is a copy of: <c>jobs | where ...</c> shows them too.</summary>
    public IReadOnlyList<BackgroundJob> Inherited { get; init; } = [];

    /// <summary>Begins a job: a copy of the shell on a connection of its own, in the same directory.</summary>
    public async ValueTask<BackgroundJob> BeginAsync(AndOrList list, Evaluator evaluator, Streams streams)
    {
        if (scope.Running.Count >= Limit)
        {
            throw new CommandException($"{Limit} background jobs run already: wait for one", list.Span);
        }

        ByteString directory = await evaluator.Shell.Connection.System.WorkingDirectoryAsync(evaluator.Cancellation);
        Shell shell = evaluator.Shell.Fork();
        var output = new QueuedSink(streams.Output, streams.Errors);
        int id = scope.NextJob();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<int> completion = Task.Run(async () =>
        {
            await begun.Task;
            int status = await RunAsync(list, shell, directory, output);
            scope.Running.TryRemove(id, out _);
            return status;
        });
        var job = new BackgroundJob(id, list.ToString(), output, completion);
        scope.Running[id] = job;
        _jobs.Add(job);
        begun.SetResult();
        return job;
    }

    /// <summary>Takes over the jobs of a shell that has ended: they run on, and nobody can wait for them.</summary>
    public void Adopt(BackgroundJobs jobs)
    {
        _adopted.AddRange(jobs._jobs);
        _adopted.AddRange(jobs._adopted);
    }

    /// <summary>Passes on what the jobs have given.</summary>
    public async ValueTask PassOnAsync()
    {
        foreach (BackgroundJob job in _jobs)
        {
            await job.Output.PassOnAsync();
        }

        foreach (BackgroundJob job in _adopted)
        {
            await job.Output.PassOnAsync();
        }

        _adopted.RemoveAll(job => job.Completion.IsCompleted && job.Output.IsEmpty);
    }

    /// <summary>Waits for a job, passes on what it gave and forgets it.</summary>
    /// <returns>Its status.</returns>
    public async ValueTask<int> WaitAsync(BackgroundJob job, CancellationToken cancellation)
    {
        int status = await job.Completion.WaitAsync(cancellation);
        await job.Output.PassOnAsync();
        _jobs.Remove(job);
        return status;
    }

    /// <summary>Waits for all of them.</summary>
    public ValueTask WaitAsync(CancellationToken cancellation) => WaitAsync(_ => true, cancellation);

    /// <summary>Waits for some of them.</summary>
    public async ValueTask WaitAsync(Func<BackgroundJob, bool> isMeant, CancellationToken cancellation)
    {
        foreach (BackgroundJob job in _jobs.Where(isMeant).ToArray())
        {
            await WaitAsync(job, cancellation);
        }
    }

    private async Task<int> RunAsync(AndOrList list, Shell shell, ByteString directory, QueuedSink output)
    {
        var evaluator = new Evaluator(shell, scope.End);
        try
        {
            await shell.OwnConnectionAsync(directory, evaluator.Cancellation);
            return await evaluator.RunToEndAsync(list, new Streams(output, output.Errors, Input: null));
        }
        catch (OperationCanceledException)
        {
            return Statuses.Cancelled;
        }
        catch (Exception failure)
        {
            await output.ErrorAsync(new ErrorValue(Shell.Name, $"background job: {failure.Message}"));
            return Statuses.ConnectionLost;
        }
        finally
        {
            await shell.DisposeAsync();
        }
    }
}

/// <summary>Statuses that no command gave.</summary>
internal static class Statuses
{
    /// <summary>Of a background job that was cancelled: what a shell says of one that SIGTERM ended.</summary>
    public const int Cancelled = 143;

    /// <summary>Of a subshell or job that lost its connection: what ssh says.</summary>
    public const int ConnectionLost = 255;
}
