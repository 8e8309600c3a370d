using Kuid.Jobd.Core.Output;
using Kuid.Jobd.Core.Processes;

namespace Kuid.Jobd.Core.Jobs;

/// <summary>
/// One job: what it is to do, where it is in its life, what it wrote, how it ended. Its submitter owns it and disposes it,
/// which releases the output.
/// </summary>
public sealed class Job : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<JobResult> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<JobReason> _endRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeProvider _clock;
    private ChildProcess? _process;
    private string? _endDetail;

    internal Job(long id, JobSpec spec, OutputLog output, TimeProvider clock)
    {
        Id = id;
        Spec = spec;
        Output = output;
        _clock = clock;
        CreatedAt = clock.GetUtcNow().UtcDateTime;
    }

    /// <summary>Its number: ascending, never reused while the daemon runs.</summary>
    public long Id { get; }

    /// <summary>What it is to do.</summary>
    public JobSpec Spec { get; }

    /// <summary>What it wrote so far.</summary>
    public OutputLog Output { get; }

    /// <summary>When it was submitted, UTC.</summary>
    public DateTime CreatedAt { get; }

    /// <summary>Where it is in its life.</summary>
    public JobState State { get; private set; } = JobState.Queued;

    /// <summary>The id of its process; null before it started.</summary>
    public int? Pid { get; private set; }

    /// <summary>Completes when the job is over; never faults.</summary>
    public Task<JobResult> Ended => _ended.Task;

    /// <summary>Completes with the first reason for which the job is to be ended before it ends by itself.</summary>
    internal Task<JobReason> EndRequested => _endRequested.Task;

    /// <summary>Asks the job to end. The first reason wins; asking again, or asking a job that is over, changes nothing.</summary>
    /// <param name="detail">What the reason alone does not say; null for nothing.</param>
    /// <returns>Whether this reason is the one.</returns>
    public bool RequestEnd(JobReason reason, string? detail = null)
    {
        lock (_gate)
        {
            if (JobTransitions.IsTerminal(State) || _endRequested.Task.IsCompleted)
            {
                return false;
            }

            bool wanted = reason is JobReason.Canceled or JobReason.Shutdown;
            if (State is JobState.Queued or JobState.Scheduled)
            {
                End(wanted ? JobEvent.Cancel : JobEvent.Fail, new JobResult { Reason = reason, FinishedAt = _clock.GetUtcNow().UtcDateTime });
            }
            else if (wanted)
            {
                Move(JobEvent.Cancel);
            }

            _endDetail = detail;
            _endRequested.SetResult(reason);
            return true;
        }
    }

    /// <summary>Signals the job's process group; a job that has no process now gets nothing.</summary>
    /// <returns>Whether a process got it.</returns>
    public bool Signal(int signal)
    {
        ChildProcess? process;
        lock (_gate)
        {
            process = _process;
        }

        return process?.SignalGroup(signal) ?? false;
    }

    /// <summary>Releases the output. The job may still run; nobody will read what it writes.</summary>
    public void Dispose() => Output.Dispose();

    /// <summary>Moves a waiting job to running; false when it was cancelled first.</summary>
    internal bool TryStart()
    {
        lock (_gate)
        {
            if (JobTransitions.Next(State, JobEvent.Start) is not { } running)
            {
                return false;
            }

            State = running;
            return true;
        }
    }

    internal void HasProcess(ChildProcess process)
    {
        lock (_gate)
        {
            _process = process;
            Pid = process.Pid;
        }
    }

    /// <summary>Ends a job that ran. A request that was accepted is its reason, also when it came after the result was judged.</summary>
    internal void End(JobResult result)
    {
        lock (_gate)
        {
            _process = null;
            if (_endRequested.Task.IsCompletedSuccessfully)
            {
                result = result with { Reason = _endRequested.Task.Result, Detail = _endDetail ?? result.Detail };
            }

            End(result.Succeeded ? JobEvent.Succeed : JobEvent.Fail, result);
        }
    }

    private void End(JobEvent happens, JobResult result)
    {
        Move(happens);
        Output.Complete();
        _ended.SetResult(result);
    }

    private void Move(JobEvent happens) => State = JobTransitions.Next(State, happens)
        ?? throw new InvalidOperationException($"Job {Id} is {State}: {happens} means nothing to it.");
}
