namespace Kuid.Cli.Api;

/// <summary>What came of doing the same to many jobs.</summary>
/// <param name="Matched">How many were meant.</param>
/// <param name="Done">How many it was done to.</param>
/// <param name="Failed">Those that it could not be done to.</param>
/// <param name="JobIds">Those that it was done to, or would be.</param>
/// <param name="NewJobIds">Of a rerun the new ones.</param>
/// <param name="NextCursor">What asks for it to be done to the others; null when there are none.</param>
internal sealed record BulkResult(
    long Matched,
    long Done,
    IReadOnlyList<BulkFailure> Failed,
    IReadOnlyList<long> JobIds,
    IReadOnlyList<long>? NewJobIds = null,
    string? NextCursor = null)
{
    /// <summary>Both as one.</summary>
    internal BulkResult And(BulkResult next) => new(
        Matched + next.Matched,
        Done + next.Done,
        [.. Failed, .. next.Failed],
        [.. JobIds, .. next.JobIds],
        NewJobIds is null ? next.NewJobIds : [.. NewJobIds, .. next.NewJobIds ?? []]);
}

/// <summary>A job that it could not be done to.</summary>
/// <param name="Id">Which.</param>
/// <param name="Code">The stable word for why.</param>
/// <param name="Detail">Why.</param>
internal sealed record BulkFailure(long Id, string? Code = null, string? Detail = null);
