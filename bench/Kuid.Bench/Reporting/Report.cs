using System.Globalization;
using System.Text;
using Kuid.Bench.Statistics;

namespace Kuid.Bench.Reporting;

/// <summary>The rows as a Markdown table, with what was measured where.</summary>
internal static class Report
{
    internal static string Write(IReadOnlyList<string> conditions, IReadOnlyList<Row> rows, IReadOnlyList<string> notes)
    {
        var text = new StringBuilder("# Results\n\n");
        foreach (string condition in conditions)
        {
            text.Append("* ").Append(condition).Append('\n');
        }

        text.Append("\nEach figure is the median of the rounds, with the lowest and the highest. Ratios are taken within a round, ours to the other.\n");
        text.Append("\n| what | unit | Kuid | peer | limit | ratio | goal | |\n|---|---|---:|---:|---:|---:|---|---|\n");
        foreach (Row row in rows)
        {
            text.Append(Line(row));
        }

        text.Append(notes.Count == 0 ? string.Empty : "\n## Notes\n\n");
        foreach (string note in notes)
        {
            text.Append("* ").Append(note).Append('\n');
        }

        return text.ToString();
    }

    internal static string Line(Row row)
    {
        string digits = Digits(row.Unit);
        string peer = row.Peer is { } other ? $"{other.Name} {Spread(other.Figure, digits)}" : string.Empty;
        return $"| {row.What} | {row.Unit} | {Spread(row.Ours, digits)} | {peer} | {Spread(row.Limit, digits)} | {Spread(row.Ratio, "0.00")} "
            + $"| {row.Goal?.Describe(row.Unit)} | {Verdict(row)} |\n";
    }

    private static string Verdict(Row row) => (row.Failed, row.Trouble, row.Goal?.IsMetBy(row)) switch
    {
        (true, _, _) => "**failed**: " + row.Trouble,
        (_, { } trouble, _) => "not run: " + trouble,
        (_, _, true) => "holds",
        (_, _, false) => "**missed**",
        _ => string.Empty,
    };

    private static string Spread(Series? figure, string digits) => figure switch
    {
        null => string.Empty,
        { Count: 1 } => Number(figure.Median, digits),
        _ => $"{Number(figure.Median, digits)} ({Number(figure.Lowest, digits)} to {Number(figure.Highest, digits)})",
    };

    private static string Number(double number, string digits) => number.ToString(digits, CultureInfo.InvariantCulture);

    private static string Digits(string unit) => unit switch
    {
        "ms" => "0.00",
        "1/s" or "MB/s" or "jobs" or "threads" => "#,0",
        _ => "0.0",
    };
}
