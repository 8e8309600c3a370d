using System.Text.Json;
using Kuid.Cli.Api;

namespace Kuid.Cli.Printing;

/// <summary>Jobs, one a line.</summary>
internal static class JobListing
{
    /// <summary>What <c>kuid ps</c> shows.</summary>
    internal static Listing Listing { get; } = new(
        "id",
        ("ID", Member.Of("id")),
        ("STATE", Member.Of("state")),
        ("RESULT", Of(Humane.Result)),
        ("QUEUE", Member.Of("queue")),
        ("CREATED", Member.Of("createdAt")),
        ("DURATION", Of(job => Humane.Duration(Seconds(job)))),
        ("NAME", Member.Of("name")),
        ("COMMAND", Of(Humane.Command)))
    {
        Colour = document => ColourOf(Job.From(document).State),
    };

    private static Func<JsonElement, string> Of(Func<Job, string> field) => document => field(Job.From(document));

    // How long it has run by now, or did.
    private static double? Seconds(Job job) => job.DurationSeconds
        ?? (job is { HasEnded: false, StartedAt: { } start } ? (TimeProvider.System.GetUtcNow() - start).TotalSeconds : null);

    private static RowColour ColourOf(string state) => state switch
    {
        JobState.Succeeded => RowColour.Good,
        JobState.Failed or JobState.Lost => RowColour.Bad,
        JobState.Canceled or "canceling" => RowColour.Ended,
        "running" => RowColour.Busy,
        _ => RowColour.Plain,
    };
}
