using Kuid.Jobd.Api.Problems;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Storage;

namespace Kuid.Jobd.Api.Models;

/// <summary>The body of submitBatch.</summary>
internal sealed record BatchSubmission
{
    /// <summary>The jobs.</summary>
    public required JobSubmission[] Items { get; init; }

    /// <summary>A name for people.</summary>
    public string? Name { get; init; }

    /// <summary>Whether one that cannot be run keeps the others out too.</summary>
    public bool? Atomic { get; init; }

    /// <summary>How many of them run at once.</summary>
    public int? MaxParallel { get; init; }

    /// <summary>Whether the first that fails cancels those that wait.</summary>
    public bool? StopOnFailure { get; init; }
}

/// <summary>A batch as clients see it; the contract's Batch.</summary>
internal sealed record BatchJson
{
    public required long Id { get; init; }

    public required string? Name { get; init; }

    public required string State { get; init; }

    public required string Principal { get; init; }

    public required string CreatedAt { get; init; }

    public required string? FinishedAt { get; init; }

    public required BatchCountsJson Counts { get; init; }

    public required IReadOnlyList<long>? JobIds { get; init; }

    public required int? MaxParallel { get; init; }

    public required bool StopOnFailure { get; init; }

    public required bool Stopped { get; init; }

    public required IReadOnlyList<RejectedItemJson>? Rejected { get; init; }

    /// <summary>Makes text of a batch.</summary>
    /// <param name="rejected">The items that were not taken; null where that is not the answer to a submission.</param>
    internal static BatchJson Of(BatchStatus status, IReadOnlyList<RejectedItemJson>? rejected = null) => new()
    {
        Id = status.Batch.Id,
        Name = status.Batch.Name,
        State = Words<BatchState>.Of(status.State),
        Principal = status.Batch.Principal,
        CreatedAt = Timestamp.Of(status.Batch.CreatedAt),
        FinishedAt = status.HasEnded ? Timestamp.Of(status.LastFinishedAt) : null,
        Counts = BatchCountsJson.Of(status),
        JobIds = status.Ids,
        MaxParallel = status.Batch.MaxParallel,
        StopOnFailure = status.Batch.StopOnFailure,
        Stopped = status.Batch.Stopped,
        Rejected = rejected,
    };
}

/// <summary>How many jobs of a batch are in which state; the contract's BatchCounts. One that is being ended still runs.</summary>
internal sealed record BatchCountsJson(int Scheduled, int Queued, int Running, int Succeeded, int Failed, int Canceled, int Lost)
{
    internal static BatchCountsJson Of(BatchStatus status) => new(
        status.Count(JobState.Scheduled),
        status.Count(JobState.Queued),
        status.Count(JobState.Running) + status.Count(JobState.Canceling),
        status.Count(JobState.Succeeded),
        status.Count(JobState.Failed),
        status.Count(JobState.Canceled),
        status.Count(JobState.Lost));
}

/// <summary>An item of a batch that was not taken, and why; the contract's RejectedItem.</summary>
internal sealed record RejectedItemJson(int Index, IReadOnlyList<ProblemError> Errors);

/// <summary>A page of batches; the contract's BatchList.</summary>
internal sealed record BatchListJson(IReadOnlyList<BatchJson> Items, string? NextCursor);
