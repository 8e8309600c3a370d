using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kuid.Cli.Api;

/// <summary>A job as the daemon describes it: the members that kuid itself looks at, and the whole document for those who asked for it.</summary>
internal sealed record Job
{
    /// <summary>Its number.</summary>
    public required long Id { get; init; }

    /// <summary>One of <see cref="JobState"/>'s words.</summary>
    public required string State { get; init; }

    /// <summary>Why it ended or waits.</summary>
    public string? Reason { get; init; }

    /// <summary>What the reason alone does not say.</summary>
    public string? Detail { get; init; }

    /// <summary>What its process exited with.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The name of the signal that ended its process.</summary>
    public string? Signal { get; init; }

    /// <summary>The name that its submitter gave it.</summary>
    public string? Name { get; init; }

    /// <summary>The queue it is in.</summary>
    public string? Queue { get; init; }

    /// <summary>When it was submitted.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its process started.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>How long it ran.</summary>
    public double? DurationSeconds { get; init; }

    /// <summary>How long it was allowed to run.</summary>
    public double? TimeoutSeconds { get; init; }

    /// <summary>The command of kind shell.</summary>
    public string? Command { get; init; }

    /// <summary>Where its end is told; of kind callback, where it tells another's.</summary>
    public string? CallbackUrl { get; init; }

    /// <summary>The words of kind argv.</summary>
    public IReadOnlyList<string>? Argv { get; init; }

    /// <summary>The script of kind pipeline.</summary>
    public string? Pipeline { get; init; }

    /// <summary>The document as it came, with the members this version of kuid does not know.</summary>
    [JsonIgnore]
    public JsonElement Document { get; private init; }

    /// <summary>Whether its state is final.</summary>
    [JsonIgnore]
    public bool HasEnded => State is JobState.Succeeded or JobState.Failed or JobState.Canceled or JobState.Lost;

    /// <summary>Reads the daemon's document.</summary>
    /// <exception cref="JsonException">It is no Job.</exception>
    internal static Job From(JsonElement document) =>
        (document.Deserialize(WireContext.Default.Job) ?? throw new JsonException("null where a Job belongs")) with
        {
            Document = document,
        };
}
