using Kuid.Jobd.Core.Jobs;

namespace Kuid.Jobd.Core.Storage;

/// <summary>How long and how much the history keeps. Output goes before the record of its job.</summary>
public sealed record RetentionPolicy
{
    /// <summary>The bounds for the records of jobs that ended in a state; a state that is missing has none.</summary>
    public IReadOnlyDictionary<JobState, RecordBounds> Records { get; init; } = new Dictionary<JobState, RecordBounds>();

    /// <summary>How long output is kept after the end of its job; null as long as the record.</summary>
    public TimeSpan? OutputAge { get; init; }

    /// <summary>How many bytes of output are kept in all, the newest; null for any number.</summary>
    public long? OutputBytes { get; init; }
}

/// <summary>Bounds of the records of one state.</summary>
/// <param name="Age">How long after its end a record is kept; null for ever.</param>
/// <param name="Count">How many are kept, the newest; null for any number.</param>
public sealed record RecordBounds(TimeSpan? Age, long? Count);

/// <summary>Where a policy cuts the history at one moment: what lies before goes.</summary>
/// <param name="Records">Per state: those that ended before a time, and those up to an id.</param>
/// <param name="OutputsBefore">Output of jobs that ended before this time.</param>
/// <param name="KeysBefore">Idempotency keys from before this time.</param>
public sealed record RetentionCut(
    IReadOnlyDictionary<JobState, RecordCut> Records, DateTime? OutputsBefore, DateTime KeysBefore);

/// <summary>The cut in one state.</summary>
/// <param name="EndedBefore">Records of jobs that ended before this time go.</param>
/// <param name="UpTo">Records up to this id go.</param>
public readonly record struct RecordCut(DateTime? EndedBefore, long? UpTo);

/// <summary>What a step of the retention removed.</summary>
/// <param name="Records">Jobs whose records are gone.</param>
/// <param name="Outputs">Jobs whose output is gone and whose records are still there.</param>
/// <param name="Keys">How many forgotten idempotency keys were removed.</param>
public sealed record PruneStep(IReadOnlyList<long> Records, IReadOnlyList<long> Outputs, int Keys)
{
    /// <summary>Whether there was nothing to remove.</summary>
    public bool IsEmpty => Records.Count + Outputs.Count + Keys == 0;
}
