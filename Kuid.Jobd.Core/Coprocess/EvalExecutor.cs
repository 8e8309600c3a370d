using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Processes;

namespace Kuid.Jobd.Core.Coprocess;

/// <summary>What a job of the kind eval does: one text, evaluated by the shell of a coprocess connection on the client's descriptors.</summary>
/// <param name="text">The text, without a NUL.</param>
/// <param name="stdio">The client's descriptors, which stay the caller's.</param>
/// <param name="onTerminal">Whether stdin is a terminal that is the shell's own meanwhile.</param>
public sealed class EvalExecutor(JobService jobs, CoprocessShell shell, ReadOnlyMemory<byte> text, Stdio stdio, bool onTerminal) : IJobExecutor
{
    /// <summary>Whether the shell has ended, with it or before: by <c>exit</c>, <c>exec</c> or a signal; known when the job is over.</summary>
    public bool HasEndedShell { get; private set; }

    /// <inheritdoc/>
    public async Task<JobResult> ExecuteAsync(Job job)
    {
        ArgumentNullException.ThrowIfNull(job);
        job.HasProcess(shell.Pid, shell.SignalGroup);
        _ = jobs.History.SaveAsync(job);
        Task<ShellStatus> evaluated = shell.EvaluateAsync(text, stdio, onTerminal);
        if (await Task.WhenAny(evaluated, job.EndRequested) != evaluated)
        {
            await EndAsync(job, evaluated);
        }

        try
        {
            ShellStatus end = await evaluated;
            HasEndedShell = end.HasEnded;
            return new JobResult
            {
                Reason = end.Status.Signal is null ? JobReason.Exit : JobReason.Signal,
                Status = end.Status,
            };
        }
        catch (CoprocessShellException e)
        {
            HasEndedShell = shell.Exited.IsCompleted;
            return new JobResult { Reason = JobReason.Spawn, Detail = e.Message };
        }
    }

    // As Ctrl-C does it first: the text ends, and the session goes on. A shell that takes no notice is ended with the session.
    private async Task EndAsync(Job job, Task evaluated)
    {
        shell.Interrupt();
        if (await Task.WhenAny(evaluated, jobs.Ending.TimeIsOverAsync(job, jobs.Clock)) != evaluated)
        {
            await shell.DisposeAsync();
        }
    }
}
