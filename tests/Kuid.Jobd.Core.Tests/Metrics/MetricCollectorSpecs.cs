using System.Diagnostics.Metrics;
using System.Text;
using Kuid.Jobd.Core.Metrics;

namespace Kuid.Jobd.Core.Tests.Metrics;

/// <summary>Measurements as Prometheus' text.</summary>
public sealed class MetricCollectorSpecs : IDisposable
{
    private readonly string _name = Guid.NewGuid().ToString("N");
    private readonly Meter _meter;
    private readonly MetricCollector _collector;

    public MetricCollectorSpecs()
    {
        _meter = new Meter(_name);
        _collector = new MetricCollector(_name);
    }

    public void Dispose()
    {
        _collector.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void A_counter_adds_up_by_its_tags()
    {
        Counter<long> bytes = _meter.CreateCounter<long>("kuid.job.output", "By", "What came.");
        bytes.Add(3, Tag("stream", "stdout"));
        bytes.Add(4, Tag("stream", "stderr"));
        bytes.Add(5, Tag("stream", "stdout"));

        Text().Should().Be("""
            # HELP kuid_job_output_bytes_total What came.
            # TYPE kuid_job_output_bytes_total counter
            kuid_job_output_bytes_total{stream="stderr"} 4
            kuid_job_output_bytes_total{stream="stdout"} 8

            """);
    }

    [Fact]
    public void A_histogram_counts_by_its_bounds_which_belong_to_what_lies_below_them()
    {
        Histogram<double> seconds = _meter.CreateHistogram(
            "kuid.t", "s", "Times.", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 2.0] });
        foreach (double each in (double[])[0.25, 0.5, 1, 2, 3])
        {
            seconds.Record(each);
        }

        Text().Should().Be("""
            # HELP kuid_t_seconds Times.
            # TYPE kuid_t_seconds histogram
            kuid_t_seconds_bucket{le="0.5"} 2
            kuid_t_seconds_bucket{le="2"} 4
            kuid_t_seconds_bucket{le="+Inf"} 5
            kuid_t_seconds_sum 6.75
            kuid_t_seconds_count 5

            """);
    }

    [Fact]
    public void What_is_not_observed_any_more_is_not_there_any_more()
    {
        string[] queues = ["a", "b"];
        _meter.CreateObservableGauge(
            "kuid.queue.waiting", () => queues.Select(name => new Measurement<long>(1, Tag("queue", name))), unit: null, "Waiting.");
        Text().Should().Contain("{queue=\"a\"} 1\n").And.Contain("{queue=\"b\"} 1\n");

        queues = ["b"];
        Text().Should().NotContain("{queue=\"a\"}").And.Contain("{queue=\"b\"} 1\n");
    }

    [Fact]
    public void What_means_something_to_the_format_is_escaped()
    {
        _meter.CreateCounter<long>("kuid.x", unit: null, "a \\ b\nc \"d\"").Add(1, Tag("queue", "a\\b\"c\nd"));

        Text().Should().Be("# HELP kuid_x_total a \\\\ b\\nc \"d\"\n# TYPE kuid_x_total counter\nkuid_x_total{queue=\"a\\\\b\\\"c\\nd\"} 1\n");
    }

    [Fact]
    public void Measurements_of_many_threads_are_all_counted()
    {
        Counter<long> count = _meter.CreateCounter<long>("kuid.n");
        Histogram<double> sizes = _meter.CreateHistogram(
            "kuid.s", null, null, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [1.0] });
        Parallel.For(0, 10_000, _ =>
        {
            count.Add(1);
            sizes.Record(2);
        });

        Text().Should().Contain("kuid_n_total 10000\n").And.Contain("kuid_s_count 10000\n").And.Contain("kuid_s_sum 20000\n");
    }

    [Fact]
    public void Measuring_allocates_nothing()
    {
        Counter<long> count = _meter.CreateCounter<long>("kuid.n");
        Histogram<double> seconds = _meter.CreateHistogram("kuid.s", "s", null, tags: null, KuidMeter.Times);
        KeyValuePair<string, object?> tag = Tag("stream", "stdout");
        Measure();
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int i = 0; i < 1000; i++)
        {
            Measure();
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1000, "not a byte a measurement");

        void Measure()
        {
            count.Add(1, tag);
            seconds.Record(0.2, tag, tag);
        }
    }

    [Fact]
    public void Series_beyond_all_bounds_are_not_kept()
    {
        Counter<long> count = _meter.CreateCounter<long>("kuid.n");
        for (int i = 0; i < 5000; i++)
        {
            count.Add(1, Tag("each", $"{i}"));
        }

        Text().Split('\n').Should().HaveCountLessThan(2010);
    }

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);

    private string Text() => Encoding.UTF8.GetString(_collector.ReadText());
}
