using System.Text.Json;

namespace Kuid.Cli.Printing;

/// <summary>Schedules, one a line.</summary>
internal static class ScheduleListing
{
    /// <summary>What <c>kuid schedule ls</c> shows.</summary>
    internal static Listing Listing { get; } = new(
        "name",
        ("NAME", Member.Of("name")),
        ("STATE", State),
        ("WHEN", When),
        ("NEXT", Member.Of("nextAt")),
        ("LAST", Member.Of("lastAt")),
        ("LAST JOB", Member.Of("lastJobId")),
        ("COMMAND", schedule => Humane.Command(schedule.GetProperty("job"))))
    {
        Colour = schedule => State(schedule) == "active" ? RowColour.Good : RowColour.Ended,
    };

    private static string State(JsonElement schedule) =>
        schedule.TryGetProperty("paused", out JsonElement paused) && paused.ValueKind == JsonValueKind.True ? "paused" : "active";

    private static string When(JsonElement schedule) => Member.Of("cron")(schedule) is not "-" and var cron
        ? $"{cron} {Member.Of("timeZone")(schedule)}"
        : $"every {Member.Of("everySeconds")(schedule)}";
}
