using Kuid.Jobd.Core.Processes;

namespace Kuid.Jobd.Core.Jobs;

/// <summary>How a job ended. It is a value: no exception leaves the runner for what a job did.</summary>
public sealed record JobResult
{
    /// <summary>Why it ended.</summary>
    public required JobReason Reason { get; init; }

    /// <summary>
    /// What wait(2) said of its process, or what it would say of one that exits with the status of the pipeline; null when no process
    /// was started, or the pipeline did not come to its end.
    /// </summary>
    public WaitStatus? Status { get; init; }

    /// <summary>What the reason alone does not say: the step and error number of a failed start, the full disk.</summary>
    public string? Detail { get; init; }

    /// <summary>CPU time and memory of the process and its reaped descendants; null where there was none of its own.</summary>
    public ResourceUsage? Usage { get; init; }

    /// <summary>When it was over, UTC; of an executor the default, unless it knows better than the runner, and then with the duration.</summary>
    public DateTime FinishedAt { get; init; }

    /// <summary>How long it ran by the monotonic clock, which no change of the wall clock makes negative.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Whether output may be missing at its end: the streams were closed while somebody still held them.</summary>
    public bool OutputIncomplete { get; init; }

    /// <summary>Whether it counts as a success: it exited with 0, or delivered what it was to post, and nothing else ended it.</summary>
    public bool Succeeded => Reason switch
    {
        JobReason.Exit => Status is { Succeeded: true },
        JobReason.Delivered => true,
        _ => false,
    };

    /// <summary>Whether another attempt may end better: nobody wanted this end, and it did not come of how the job was submitted.</summary>
    internal bool IsWorthAnother => !Succeeded && Reason is JobReason.Exit or JobReason.Signal or JobReason.Timeout or JobReason.Spawn
        or JobReason.Unreachable or JobReason.Evaluation or JobReason.OutputLimit or JobReason.Rejected or JobReason.Lost;

    /// <summary>How it ended, for people.</summary>
    internal string InWords => Status?.ToString() ?? Detail ?? Reason.ToString().ToLowerInvariant();
}
