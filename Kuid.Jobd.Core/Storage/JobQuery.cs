using Kuid.Jobd.Core.Jobs;

namespace Kuid.Jobd.Core.Storage;

/// <summary>Which jobs a list shows: those that match every member that is set, the newest first.</summary>
public sealed record JobQuery
{
    /// <summary>The states; empty for any.</summary>
    public IReadOnlyList<JobState> States { get; init; } = [];

    /// <summary>The queue.</summary>
    public string? Queue { get; init; }

    /// <summary>The kind.</summary>
    public JobKind? Kind { get; init; }

    /// <summary>The service.</summary>
    public string? Service { get; init; }

    /// <summary>The door.</summary>
    public JobOrigin? Origin { get; init; }

    /// <summary>Labels that a job has all of; with a null value, under whatever value.</summary>
    public IReadOnlyList<KeyValuePair<string, string?>> Labels { get; init; } = [];

    /// <summary>Text that the name or the command contains, byte for byte.</summary>
    public string? Text { get; init; }

    /// <summary>Submitted at this moment, UTC, or later.</summary>
    public DateTime? CreatedAfter { get; init; }

    /// <summary>Submitted before this moment, UTC.</summary>
    public DateTime? CreatedBefore { get; init; }

    /// <summary>Only jobs with a smaller id: where the page before this one ended.</summary>
    public long? Before { get; init; }

    /// <summary>How many jobs at most; a page may have fewer and go on all the same, where commands are large.</summary>
    public int Limit { get; init; } = 50;
}

/// <summary>A page of a list.</summary>
/// <param name="Jobs">The jobs, the newest first.</param>
/// <param name="Next">What <see cref="JobQuery.Before"/> is for the next page; null at the end.</param>
public sealed record JobPage(IReadOnlyList<JobRecord> Jobs, long? Next);
