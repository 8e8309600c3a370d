using Kuid.Jobd.Core.Output;
using Kuid.Jobd.Core.Processes;
using Kuid.Jobd.Core.Processes.Direct;
using Kuid.Jobd.Core.Processes.Isolation;
using Kuid.Jobd.Core.Storage;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Core.Jobs;

/// <summary>
/// The life of one job's process, in one method to be read from top to bottom: started, fed and read, ended if somebody
/// wants it to, waited for, reaped, judged.
/// </summary>
/// <remarks>
/// Three things end separately: the process (its pidfd), its output (end of file on both pipes, which descendants may hold
/// open long after it), and its input (which it may never read). Waiting for one of them in place of another is how such
/// programs hang, so each is a task of its own and the method only combines them. A process on descriptors of its submitter's has
/// only the first.
/// </remarks>
public sealed class ProcessExecutor(
    Spawner spawner, History history, TimeProvider clock, EndingPolicy ending, ILogger<ProcessExecutor> log) : IJobExecutor
{
    /// <summary>What the isolation of jobs means for their processes.</summary>
    public IsolationPolicy Isolation { get; init; } = IsolationPolicy.None;

    /// <summary>Executes programs without the shell that would only start them; null where the shell always does.</summary>
    public DirectExecution? Direct { get; init; }

    // After SIGKILL only a process outside the tree can hold the pipes, and it is not waited for.
    private static readonly TimeSpan DrainAfterKill = TimeSpan.FromSeconds(1);

    // What is killed and not yet gone is stuck in the kernel, or there is very much of it.
    private static readonly TimeSpan TreeAfterKill = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public async Task<JobResult> ExecuteAsync(Job job)
    {
        ArgumentNullException.ThrowIfNull(job);
        try
        {
            ProcessSpec process = Isolation.Isolated(job.Spec.Process! with { Limits = job.Spec.Limits }, job.Spec.Isolation);
            (ChildProcess started, bool isDirect) = await StartAsync(job, process);
            using ChildProcess child = started;
            JobResult result = await LiveAsync(job, child);
            return isDirect && !child.WasSignalled ? await AsToldByShellAsync(job, process, result) : result;
        }
        catch (Exception e) when (e is SpawnException or IsolationException)
        {
            return new JobResult { Reason = JobReason.Spawn, Detail = e.Message };
        }
    }

    private async Task<(ChildProcess Child, bool IsDirect)> StartAsync(Job job, ProcessSpec process)
    {
        if (job.Spec.Stdio is null && Direct?.InsteadOf(process) is { } program)
        {
            try
            {
                return (await spawner.SpawnAsync(program), true);
            }
            catch (SpawnException)
            {
                // What is wrong with it the shell says in its own words, or fails to start itself.
            }
        }

        return (await SpawnAsync(process, job.Spec.Stdio), false);
    }

    // The daemon's signals would have ended the shell too. What else a program dies of, the shell would have reported.
    private async Task<JobResult> AsToldByShellAsync(Job job, ProcessSpec shell, JobResult result)
    {
        if (result.Status is not { Signal: not null } status || await Direct!.AsToldAsync(shell, status) is not { } told)
        {
            return result;
        }

        job.Output.Append(OutputStream.Stderr, told.Stderr);
        return result with { Reason = ReasonOf(told.Status), Status = told.Status };
    }

    private static JobReason ReasonOf(WaitStatus status) => status.Signal is null ? JobReason.Exit : JobReason.Signal;

    // What was passed is the submitter's: it goes to the child, and nothing of it stays here.
    private async Task<ChildProcess> SpawnAsync(ProcessSpec spec, Stdio? passed)
    {
        using (passed)
        {
            return passed is null ? await spawner.SpawnAsync(spec) : await spawner.SpawnAsync(spec, passed);
        }
    }

    private async Task<JobResult> LiveAsync(Job job, ChildProcess child)
    {
        using var pumping = new CancellationTokenSource();
        try
        {
            return await CombineAsync(job, child, pumping);
        }
        catch (Exception e)
        {
            // A fault of the daemon's leaves no process behind that nobody waits for.
            Log.RunnerFailed(log, e, job.Id);
            await pumping.CancelAsync();
            await child.KillTreeAsync();
            await child.Exited;
            return await ReapAsync(child) with { Detail = JobRunner.OwnFault, OutputIncomplete = true };
        }
    }

    private async Task<JobResult> CombineAsync(Job job, ChildProcess child, CancellationTokenSource pumping)
    {
        job.HasProcess(child);
        _ = history.SaveAsync(job);

        var piped = child as PipedProcess;
        Task input = piped is null ? Task.CompletedTask : InputPump.RunAsync(job, piped.Stdin, pumping.Token);
        Task<bool[]> output = piped is null ? Task.FromResult<bool[]>([]) : Task.WhenAll(
            OutputPump.RunAsync(job, piped.Stdout, OutputStream.Stdout, pumping.Token),
            OutputPump.RunAsync(job, piped.Stderr, OutputStream.Stderr, pumping.Token));
        Task over = Task.WhenAll(child.Exited, output);

        Task patience = job.Spec.Drain is { } drain ? DrainElapsedAsync(child.Exited, drain, pumping.Token) : over;
        await Task.WhenAny(over, job.EndRequested, patience);
        if (!over.IsCompleted && job.EndRequested.IsCompleted)
        {
            await EndTreeAsync(job, child, over);
        }

        await pumping.CancelAsync();
        await input;
        bool[] ended = await output;
        return await ReapAsync(child) with { OutputIncomplete = !ended.All(end => end) };
    }

    private async Task<JobResult> ReapAsync(ChildProcess child)
    {
        (WaitStatus status, ResourceUsage usage) = await child.ReapAsync(clock);
        return new JobResult
        {
            Reason = ReasonOf(status),
            Status = status,
            Usage = usage,
        };
    }

    /// <summary>
    /// TERM, CONT (a stopped process would never see the TERM), time to comply, then KILL, each to the whole tree: also to what has
    /// left the group or the parent. The leader is not reaped before, so the group's number is still its own.
    /// </summary>
    private async Task EndTreeAsync(Job job, ChildProcess child, Task over)
    {
        Log.Ending(log, job.Id, job.EndRequested.Result);
        if (job.State == JobState.Canceling)
        {
            // It may take its time, and lists look for states in the history.
            _ = history.SaveAsync(job);
        }

        if (!child.SignalTree(SignalNames.SIGTERM))
        {
            Log.CannotSignal(log, job.Id, child.Pid);
        }

        child.SignalTree(SignalNames.SIGCONT);
        if (job.EndRequested.Result == JobReason.Stdin && child is PipedProcess piped)
        {
            // Its pump has left it open for this moment.
            piped.Stdin.Dispose();
        }

        Task timeIsOver = ending.TimeIsOverAsync(job, clock);
        await Task.WhenAny(over, timeIsOver);
        await child.TreeEmptiesAsync(timeIsOver);
        await child.KillTreeAsync();

        // A process that cannot be killed is waited for: until it ends, the job has not.
        await child.Exited;
        await Task.WhenAny(over, Task.Delay(DrainAfterKill, clock));
        if (!await child.TreeEmptiesAsync(Task.Delay(TreeAfterKill)))
        {
            Log.TreeStaysAlive(log, job.Id);
        }
    }

    private async Task DrainElapsedAsync(Task exited, TimeSpan drain, CancellationToken cancellation)
    {
        await exited;
        await Task.Delay(drain, clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
