using System.Text.Json;
using Kuid.Cli.Api;

namespace Kuid.Cli.Printing;

/// <summary>Batches, one a line.</summary>
internal static class BatchListing
{
    /// <summary>What <c>kuid batch ls</c> shows.</summary>
    internal static Listing Listing { get; } = new(
        "id",
        ("ID", Member.Of("id")),
        ("STATE", Member.Of("state")),
        ("CREATED", Member.Of("createdAt")),
        ("JOBS", Jobs),
        ("COUNTS", Counts),
        ("NAME", Member.Of("name")))
    {
        Colour = batch => Member.Of("state")(batch) switch
        {
            JobState.Succeeded => RowColour.Good,
            JobState.Failed => RowColour.Bad,
            JobState.Canceled => RowColour.Ended,
            _ => RowColour.Busy,
        },
    };

    private static string Jobs(JsonElement batch) => batch.TryGetProperty("counts", out JsonElement counts)
        ? counts.EnumerateObject().Sum(count => count.Value.GetInt64()).ToString(System.Globalization.CultureInfo.InvariantCulture)
        : "-";

    private static string Counts(JsonElement batch) => batch.TryGetProperty("counts", out JsonElement counts)
        ? string.Join(", ", counts.EnumerateObject().Where(count => count.Value.GetInt64() > 0).Select(count => $"{count.Value} {Visible.Of(count.Name)}"))
        : "-";
}
