using Kuid.Jobd.Core.Jobs;

namespace Kuid.Jobd.Core.Storage;

/// <summary>A batch and where its jobs are.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="Jobs">How many of its jobs are in each state; none in those that are not there.</param>
/// <param name="LastFinishedAt">When the last of those that are over ended, UTC; null when none is.</param>
public sealed record BatchStatus(BatchRecord Batch, IReadOnlyDictionary<JobState, int> Jobs, DateTime? LastFinishedAt)
{
    /// <summary>The ids of its jobs, ascending; null where they were not asked for.</summary>
    public IReadOnlyList<long>? Ids { get; init; }

    /// <summary>Whether all of its jobs are over.</summary>
    public bool HasEnded => Jobs.Where(state => state.Value > 0).All(state => JobTransitions.IsTerminal(state.Key));

    /// <summary>Where it is in its life: it is running as long as one of its jobs is not over, and has failed when one has.</summary>
    public BatchState State =>
        !HasEnded ? BatchState.Running
        : Count(JobState.Failed) + Count(JobState.Lost) > 0 ? BatchState.Failed
        : Count(JobState.Canceled) > 0 ? BatchState.Canceled
        : BatchState.Succeeded;

    /// <summary>How many of its jobs are in a state.</summary>
    public int Count(JobState state) => Jobs.GetValueOrDefault(state);
}

/// <summary>Where a batch is in its life.</summary>
public enum BatchState
{
    /// <summary>Some of its jobs are not over.</summary>
    Running,

    /// <summary>All succeeded.</summary>
    Succeeded,

    /// <summary>All are over, and one failed or was lost.</summary>
    Failed,

    /// <summary>All are over, one was cancelled and none failed.</summary>
    Canceled,
}

/// <summary>A job of a batch.</summary>
/// <param name="Id">Its number.</param>
/// <param name="State">Where it is.</param>
/// <param name="FinishedAt">When it was over, UTC.</param>
public readonly record struct BatchJob(long Id, JobState State, DateTime? FinishedAt);

/// <summary>A page of a list of batches.</summary>
/// <param name="Batches">The newest first.</param>
/// <param name="Next">Only batches with a smaller id are on the next page; null at the end.</param>
public sealed record BatchPage(IReadOnlyList<BatchStatus> Batches, long? Next);
