using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Kuid.Jobd.Core.Metrics;

/// <summary>What is measured of the writing of the history.</summary>
internal static class HistoryMeter
{
    private static readonly Histogram<double> Seconds = KuidMeter.Engine.CreateHistogram(
        "kuid.history.batch.duration", "s", "How long transactions of the history took.", tags: null, KuidMeter.ShortTimes);

    private static readonly Histogram<double> Rows = KuidMeter.Engine.CreateHistogram(
        "kuid.history.batch.size", "{row}", "How many rows transactions of the history wrote.", tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000] });

    /// <summary>A transaction has been written.</summary>
    /// <param name="begun">When it began, by <see cref="Stopwatch.GetTimestamp"/>.</param>
    internal static void Wrote(int rows, long begun)
    {
        Seconds.Record(Stopwatch.GetElapsedTime(begun).TotalSeconds);
        Rows.Record(rows);
    }
}
