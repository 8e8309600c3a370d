using Kuid.Jobd.Core.Storage;

namespace Kuid.Jobd.Core.Schedules;

/// <summary>What became of a change of a schedule.</summary>
public enum ScheduleChange
{
    /// <summary>There is one more.</summary>
    Added,

    /// <summary>It is as it was to be now.</summary>
    Changed,

    /// <summary>It is gone.</summary>
    Removed,

    /// <summary>There is none.</summary>
    NoSuchSchedule,

    /// <summary>It is another one than its changer knows.</summary>
    VersionMismatch,
}

/// <summary>What became of a trigger.</summary>
/// <param name="Job">The job that was made, or prevents one; null when there is no such schedule.</param>
/// <param name="IsMade">Whether it was made.</param>
public sealed record TriggerOutcome(JobRecord? Job, bool IsMade);
