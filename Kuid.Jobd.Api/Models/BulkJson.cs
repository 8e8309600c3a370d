namespace Kuid.Jobd.Api.Models;

/// <summary>The body of bulkJobs.</summary>
internal sealed record BulkRequest
{
    /// <summary><c>cancel</c>, <c>delete</c>, <c>rerun</c> or <c>move</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The jobs, by id.</summary>
    public long[]? Ids { get; init; }

    /// <summary>The jobs, by what they are.</summary>
    public JobFilterJson? Filter { get; init; }

    /// <summary>Whether it is every job.</summary>
    public bool? All { get; init; }

    /// <summary>The queue that they are moved to.</summary>
    public string? Queue { get; init; }

    /// <summary>Whether only to say which jobs they are.</summary>
    public bool? DryRun { get; init; }

    /// <summary>Where the request before this one has ended.</summary>
    public string? Cursor { get; init; }
}

/// <summary>The filters of listJobs as a body; the contract's JobFilter.</summary>
internal sealed record JobFilterJson
{
    public string[]? State { get; init; }

    public string? Queue { get; init; }

    public string? Kind { get; init; }

    public string? Service { get; init; }

    public string? Origin { get; init; }

    public string[]? Label { get; init; }

    public string? Q { get; init; }

    public string? CreatedAfter { get; init; }

    public string? CreatedBefore { get; init; }

    /// <summary>Whether it says nothing.</summary>
    internal bool IsEmpty => this is
    {
        State: null, Queue: null, Kind: null, Service: null, Origin: null, Label: null, Q: null, CreatedAfter: null, CreatedBefore: null,
    };
}

/// <summary>What became of a bulk action; the contract's BulkResult.</summary>
internal sealed record BulkResultJson
{
    public required string Action { get; init; }

    public required bool DryRun { get; init; }

    public required int Matched { get; init; }

    public required int Done { get; init; }

    public required IReadOnlyList<BulkFailureJson> Failed { get; init; }

    public required IReadOnlyList<long> JobIds { get; init; }

    public required IReadOnlyList<long>? NewJobIds { get; init; }

    public required string? NextCursor { get; init; }
}

/// <summary>A job that an action could not be done to; the contract's BulkFailure.</summary>
internal sealed record BulkFailureJson(long Id, string Code, string Detail);
