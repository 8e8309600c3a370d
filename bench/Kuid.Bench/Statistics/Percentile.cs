namespace Kuid.Bench.Statistics;

/// <summary>Percentiles of the latencies of one run.</summary>
internal static class Percentile
{
    /// <summary>The smallest value that so many per cent of all are not above (nearest rank).</summary>
    internal static double Of(IReadOnlyCollection<double> values, double percent)
    {
        double[] sorted = [.. values.Order()];
        int rank = (int)Math.Ceiling(sorted.Length * percent / 100);
        return sorted[Math.Clamp(rank, 1, sorted.Length) - 1];
    }
}
