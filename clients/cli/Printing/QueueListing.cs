using System.Text.Json;

namespace Kuid.Cli.Printing;

/// <summary>Queues, one a line.</summary>
internal static class QueueListing
{
    /// <summary>What <c>kuid queue ls</c> shows.</summary>
    internal static Listing Listing { get; } = new(
        "name",
        ("NAME", Member.Of("name")),
        ("STATE", State),
        ("CONCURRENCY", Member.Of("concurrency")),
        ("RUNNING", Member.Of("running")),
        ("WAITING", Member.Of("waiting")),
        ("SCHEDULED", Member.Of("scheduled")))
    {
        Colour = queue => State(queue) == "open" ? RowColour.Good : RowColour.Ended,
    };

    /// <summary>What <c>kuid queue purge</c> shows of several.</summary>
    internal static Listing Purges { get; } = new("name", ("NAME", Member.Of("name")), ("CANCELED", Member.Of("canceled")));

    private static string State(JsonElement queue) => (Is(queue, "paused"), Is(queue, "draining")) switch
    {
        (true, true) => "paused, draining",
        (true, _) => "paused",
        (_, true) => "draining",
        _ => "open",
    };

    private static bool Is(JsonElement queue, string name) =>
        queue.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.True;
}
