using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kuid.Cli.Api;

/// <summary>What came of doing the same to many jobs.</summary>
/// <param name="Matched">How many were meant.</param>
/// <param name="Done">How many it was done to.</param>
/// <param name="Failed">Those that it could not be done to.</param>
/// <param name="JobIds">Those that it was done to, or would be; of a rerun the new ones.</param>
internal sealed record BulkResult(long Matched, long Done, IReadOnlyList<BulkFailure> Failed, IReadOnlyList<long> JobIds)
{
    /// <summary>The document as it came.</summary>
    [JsonIgnore]
    public JsonElement Document { get; init; }
}

/// <summary>A job that it could not be done to.</summary>
/// <param name="Id">Which.</param>
/// <param name="Code">The stable word for why.</param>
/// <param name="Detail">Why.</param>
internal sealed record BulkFailure(long Id, string? Code = null, string? Detail = null);
