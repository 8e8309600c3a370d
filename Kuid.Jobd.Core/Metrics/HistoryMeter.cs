using System.Diagnostics;
using System.Diagnostics.Metrics;
using Kuid.Jobd.Core.Jobs;

namespace Kuid.Jobd.Core.Metrics;

/// <summary>What is measured of the writing of the history.</summary>
internal static class HistoryMeter
{
    private static readonly Histogram<double> Seconds = KuidMeter.Engine.CreateHistogram(
        "kuid.history.batch.duration", "s", "How long transactions of the history took.", tags: null, KuidMeter.ShortTimes);

    private static readonly Histogram<double> Rows = KuidMeter.Engine.CreateHistogram(
        "kuid.history.batch.size", "{row}", "How many rows transactions of the history wrote.", tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000] });

    private static readonly Counter<long> Unrecorded = KuidMeter.Engine.CreateCounter<long>(
        "kuid.history.unrecorded", "{job}", "Jobs whose last state the history could not keep, by door.");

    /// <summary>The last state of a job was given up.</summary>
    internal static void NotRecorded(Job job) => Unrecorded.Add(1, Tag<JobOrigin>.Of("origin", job.Spec.Origin));

    /// <summary>A transaction has been written.</summary>
    /// <param name="begun">When it began, by <see cref="Stopwatch.GetTimestamp"/>.</param>
    internal static void Wrote(int rows, long begun)
    {
        Seconds.Record(Stopwatch.GetElapsedTime(begun).TotalSeconds);
        Rows.Record(rows);
    }
}
