using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Kuid.Jobd.Core.Metrics;

/// <summary>What a family of series is.</summary>
internal enum MetricKind
{
    /// <summary>Only goes up.</summary>
    Counter,

    /// <summary>Goes up and down.</summary>
    Gauge,

    /// <summary>Counts measurements by size.</summary>
    Histogram,
}

/// <summary>An instrument and its series.</summary>
internal sealed class MetricFamily
{
    // Nothing that a client chooses is a tag without a bound of its own; this one is for what was overlooked.
    private const int MostSeries = 2000;

    private readonly ConcurrentDictionary<TagValues, MetricSeries> _series = new();
    private readonly MetricSeries _overflow;
    private string[] _tags = [];

    internal MetricFamily(Instrument instrument)
    {
        Instrument = instrument;
        Kind = instrument switch
        {
            Histogram<double> => MetricKind.Histogram,
            Counter<long> or ObservableCounter<long> => MetricKind.Counter,
            _ => MetricKind.Gauge,
        };
        Bounds = (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries;
        _overflow = new MetricSeries(Bounds);
    }

    internal Instrument Instrument { get; }

    internal MetricKind Kind { get; }

    /// <summary>The upper bounds of a histogram's buckets, but for infinity.</summary>
    internal IReadOnlyList<double>? Bounds { get; }

    /// <summary>The names of the tags.</summary>
    internal IReadOnlyList<string> Tags => _tags;

    /// <summary>The series, in an order that stays.</summary>
    internal IEnumerable<(TagValues Tags, MetricSeries Series)> Series => _series
        .OrderBy(each => each.Key.First, StringComparer.Ordinal)
        .ThenBy(each => each.Key.Second, StringComparer.Ordinal)
        .ThenBy(each => each.Key.Third, StringComparer.Ordinal)
        .Select(each => (each.Key, each.Value));

    internal void Measure(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var key = new TagValues(Value(tags, 0), Value(tags, 1), Value(tags, 2));
        if (!_series.TryGetValue(key, out MetricSeries? series))
        {
            series = Make(key, tags);
        }

        if (Instrument.IsObservable)
        {
            series.Set(value);
        }
        else
        {
            series.Add(value);
        }
    }

    /// <summary>Forgets what was observed: what is not observed again is not there any more.</summary>
    internal void Forget() => _series.Clear();

    private static string? Value(ReadOnlySpan<KeyValuePair<string, object?>> tags, int index) =>
        index < tags.Length ? (string?)tags[index].Value : null;

    private MetricSeries Make(TagValues key, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (_series.Count >= MostSeries)
        {
            return _overflow;
        }

        if (_tags.Length < tags.Length)
        {
            string[] names = new string[tags.Length];
            for (int i = 0; i < names.Length; i++)
            {
                names[i] = tags[i].Key;
            }

            _tags = names;
        }

        return _series.GetOrAdd(key, static (_, bounds) => new MetricSeries(bounds), Bounds);
    }
}
