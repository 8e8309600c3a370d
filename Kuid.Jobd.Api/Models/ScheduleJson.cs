using System.Text.Json;

namespace Kuid.Jobd.Api.Models;

/// <summary>When something comes again, as putSchedule and previewSchedule have it. Members that a client leaves out are null.</summary>
internal abstract record RecurrenceRequest
{
    /// <summary>The cron expression.</summary>
    public string? Cron { get; init; }

    /// <summary>How many seconds lie between two times.</summary>
    public long? EverySeconds { get; init; }

    /// <summary>The time zone of the cron expression.</summary>
    public string? TimeZone { get; init; }
}

/// <summary>The body of putSchedule; the contract's ScheduleRequest.</summary>
internal sealed record ScheduleRequest : RecurrenceRequest
{
    /// <summary><c>skip</c>, <c>queue</c> or <c>replace</c>.</summary>
    public string? Overlap { get; init; }

    /// <summary>Whether one job is made for the times that were missed.</summary>
    public bool? CatchUp { get; init; }

    /// <summary>Whether it makes no jobs until it is resumed.</summary>
    public bool? Paused { get; init; }

    /// <summary>What its jobs are to do.</summary>
    public required JobSubmission Job { get; init; }
}

/// <summary>The body of previewSchedule; the contract's SchedulePreviewRequest.</summary>
internal sealed record SchedulePreviewRequest : RecurrenceRequest
{
    /// <summary>How many times.</summary>
    public int? Count { get; init; }

    /// <summary>The moment after which they are.</summary>
    public string? From { get; init; }
}

/// <summary>Times of a schedule; the contract's SchedulePreview.</summary>
internal sealed record SchedulePreviewJson(IReadOnlyList<string> Times);

/// <summary>A schedule; the contract's Schedule.</summary>
internal sealed record ScheduleJson
{
    public required string Name { get; init; }

    public required string? Cron { get; init; }

    public required long? EverySeconds { get; init; }

    public required string? TimeZone { get; init; }

    public required string Overlap { get; init; }

    public required bool CatchUp { get; init; }

    public required bool Paused { get; init; }

    /// <summary>The submission as it was put.</summary>
    public required JsonElement Job { get; init; }

    public required string Principal { get; init; }

    public required string CreatedAt { get; init; }

    public required string? NextAt { get; init; }

    public required string? LastAt { get; init; }

    public required long? LastJobId { get; init; }

    public required string? LastError { get; init; }
}

/// <summary>All schedules; the contract's ScheduleList.</summary>
internal sealed record ScheduleListJson(IReadOnlyList<ScheduleJson> Items);
