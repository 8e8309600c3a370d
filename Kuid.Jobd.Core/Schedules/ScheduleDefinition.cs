using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kuid.Jobd.Core.Schedules;

/// <summary>What a schedule does when, as whoever put it has written it down.</summary>
public sealed record ScheduleDefinition
{
    /// <summary>The cron expression. A schedule has this or <see cref="EverySeconds"/>.</summary>
    public string? Cron { get; init; }

    /// <summary>How many seconds lie between two times.</summary>
    public long? EverySeconds { get; init; }

    /// <summary>The time zone of the cron expression.</summary>
    public string TimeZone { get; init; } = TimeZones.Default;

    /// <summary>What it does when its last job is not over.</summary>
    public OverlapPolicy Overlap { get; init; } = OverlapPolicy.Skip;

    /// <summary>Whether one job is made for the times that were missed.</summary>
    public bool CatchUp { get; init; }

    /// <summary>The submission that its jobs are made of, in the words of the door that it came by, which alone reads it.</summary>
    public required JsonElement Job { get; init; }

    /// <summary>When it is due.</summary>
    /// <param name="createdAt">When the schedule was made: from there seconds are counted.</param>
    /// <exception cref="FormatException">The expression or the zone is none.</exception>
    public Recurrence ToRecurrence(DateTime createdAt) => Cron is { } cron
        ? Recurrence.OfCron(CronExpression.Parse(cron), TimeZones.Find(TimeZone))
        : Recurrence.OfSeconds(EverySeconds!.Value, createdAt);

    internal static ScheduleDefinition Parse(string json) => JsonSerializer.Deserialize(json, ScheduleJson.Default.ScheduleDefinition)!;

    /// <summary>The definition as it is kept; equal definitions have equal texts.</summary>
    internal string ToJson() => JsonSerializer.Serialize(this, ScheduleJson.Default.ScheduleDefinition);
}

/// <summary>How definitions are kept.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ScheduleDefinition))]
internal sealed partial class ScheduleJson : JsonSerializerContext;
