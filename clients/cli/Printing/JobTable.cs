using System.Globalization;
using Kuid.Cli.Api;

namespace Kuid.Cli.Printing;

/// <summary>Jobs, one a line.</summary>
internal static class JobTable
{
    private static readonly string[] Columns = ["ID", "STATE", "RESULT", "QUEUE", "CREATED", "DURATION", "NAME", "COMMAND"];

    /// <summary>The lines, with the names of the columns first.</summary>
    internal static string Of(IReadOnlyList<Job> jobs, TerminalTable table)
    {
        List<string[]> rows = [.. jobs.Select(Row)];
        return table.Render(Columns, rows, row => ColourOf(jobs[row].State));
    }

    /// <summary>How long it has run by now, or did.</summary>
    private static double? Seconds(Job job) => job.DurationSeconds
        ?? (job is { HasEnded: false, StartedAt: { } start } ? (TimeProvider.System.GetUtcNow() - start).TotalSeconds : null);

    private static string[] Row(Job job) =>
    [
        job.Id.ToString(CultureInfo.InvariantCulture),
        job.State,
        Humane.Result(job),
        Visible.Of(job.Queue ?? "-"),
        Humane.Time(job.CreatedAt),
        Humane.Duration(Seconds(job)),
        Visible.Of(job.Name ?? "-"),
        Humane.Command(job),
    ];

    private static RowColour ColourOf(string state) => state switch
    {
        JobState.Succeeded => RowColour.Good,
        JobState.Failed or JobState.Lost => RowColour.Bad,
        JobState.Canceled or "canceling" => RowColour.Ended,
        "running" => RowColour.Busy,
        _ => RowColour.Plain,
    };
}
