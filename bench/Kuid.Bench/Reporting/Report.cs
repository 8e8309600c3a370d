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
        string Number(double figure) => Report.Number(figure, row.Unit);
        string peer = row.Peer is { } other ? $"{other.Name} {Spread(other.Figure, Number)}" : string.Empty;
        string ratio = Spread(row.Ratio, figure => figure.ToString("0.00", CultureInfo.InvariantCulture));
        return $"| {row.What} | {row.Unit} | {Spread(row.Ours, Number)} | {peer} | {Spread(row.Limit, Number)} | {ratio} "
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

    private static string Spread(Series? figure, Func<double, string> number) => figure switch
    {
        null => string.Empty,
        { Count: 1 } => number(figure.Median),
        _ => $"{number(figure.Median)} ({number(figure.Lowest)} to {number(figure.Highest)})",
    };

    private static string Number(double number, string unit) => number.ToString(
        (unit, Math.Abs(number)) switch
        {
            ("jobs" or "threads", _) or (_, >= 1000) => "#,0",
            (_, >= 100) => "0",
            (_, >= 10) => "0.0",
            _ => "0.00",
        },
        CultureInfo.InvariantCulture);
}
