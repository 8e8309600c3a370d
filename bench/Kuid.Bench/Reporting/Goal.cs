using System.Globalization;

namespace Kuid.Bench.Reporting;

/// <summary>What a row has to reach in the median.</summary>
/// <param name="Bound">The figure.</param>
/// <param name="AtMost">Whether it is the most; else it is the least.</param>
/// <param name="OfRatio">Whether it is about the ratio; else about our own figure.</param>
internal sealed record Goal(double Bound, bool AtMost, bool OfRatio)
{
    /// <summary>So many times what it is compared with, or more.</summary>
    internal static Goal AtLeastTimes(double factor) => new(factor, AtMost: false, OfRatio: true);

    /// <summary>So many times what it is compared with, or less.</summary>
    internal static Goal AtMostTimes(double factor) => new(factor, AtMost: true, OfRatio: true);

    /// <summary>This figure or more.</summary>
    internal static Goal AtLeast(double figure) => new(figure, AtMost: false, OfRatio: false);

    /// <summary>This figure or less.</summary>
    internal static Goal AtMostOf(double figure) => new(figure, AtMost: true, OfRatio: false);

    /// <summary>Whether a row reaches it; null when it has no such figure.</summary>
    internal bool? IsMetBy(Row row) => (OfRatio ? row.Ratio : row.Ours)?.Median is { } figure
        ? AtMost ? figure <= Bound : figure >= Bound
        : null;

    /// <summary>How it stands in the table.</summary>
    internal string Describe(string unit) => string.Create(
        CultureInfo.InvariantCulture, $"{(AtMost ? "at most" : "at least")} {Bound:#,0.##}{(OfRatio ? " x" : unit == "1/s" ? "/s" : " " + unit)}");
}
