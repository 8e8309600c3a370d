namespace Kuid.Bench.Load;

/// <summary>What one run of a load gave.</summary>
/// <param name="Rate">Requests a second.</param>
/// <param name="P50">The median latency in milliseconds; 0 where there is none.</param>
/// <param name="P99">The 99th percentile.</param>
internal readonly record struct Figures(double Rate, double P50 = 0, double P99 = 0);
