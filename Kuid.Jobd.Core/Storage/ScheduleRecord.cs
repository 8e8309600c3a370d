namespace Kuid.Jobd.Core.Storage;

/// <summary>A schedule as it is kept.</summary>
public sealed record ScheduleRecord
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it does when, as JSON: a <see cref="Schedules.ScheduleDefinition"/>.</summary>
    public required string Definition { get; init; }

    /// <summary>Who put it, whose jobs its jobs are.</summary>
    public required string Principal { get; init; }

    /// <summary>Whether it makes no jobs until it is resumed.</summary>
    public bool Paused { get; init; }

    /// <summary>When it was put for the first time, UTC.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>When it last made a job, UTC; null when it has made none.</summary>
    public DateTime? LastAt { get; init; }

    /// <summary>The job that it made last; null when it has made none.</summary>
    public long? LastJob { get; init; }

    /// <summary>Why its last time made no job; null when it made one.</summary>
    public string? LastError { get; init; }

    /// <summary>When it is due next, UTC; null when it is paused, or never is.</summary>
    public DateTime? NextAt { get; init; }
}
