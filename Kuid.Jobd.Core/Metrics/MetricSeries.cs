namespace Kuid.Jobd.Core.Metrics;

/// <summary>The values of an instrument's tags, in the order of its measurements; null for tags that there are not.</summary>
internal readonly record struct TagValues(string? First, string? Second, string? Third);

/// <summary>One series of an instrument: the measurements with the same tags, added up.</summary>
/// <remarks>Any number of threads measure while one reads: what it reads is of about the same moment, and never goes back.</remarks>
internal sealed class MetricSeries(IReadOnlyList<double>? bounds)
{
    private readonly long[] _buckets = new long[bounds is null ? 0 : bounds.Count + 1];
    private double _value;

    /// <summary>The sum of a counter or of a histogram, or a gauge's last value.</summary>
    internal double Value => Volatile.Read(ref _value);

    /// <summary>How many measurements lie in each bucket, not cumulated; the last one is for those above all bounds.</summary>
    internal long[] Buckets => [.. _buckets.Select((_, i) => Interlocked.Read(ref _buckets[i]))];

    internal void Set(double value) => Volatile.Write(ref _value, value);

    internal void Add(double value)
    {
        if (bounds is not null)
        {
            Interlocked.Increment(ref _buckets[BucketOf(value)]);
        }

        double seen = Volatile.Read(ref _value), before;
        do
        {
            before = seen;
            seen = Interlocked.CompareExchange(ref _value, before + value, before);
        }
        while (seen != before);
    }

    private int BucketOf(double value)
    {
        int bucket = 0;
        while (bucket < bounds!.Count && value > bounds[bucket])
        {
            bucket++;
        }

        return bucket;
    }
}
