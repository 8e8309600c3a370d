using System.Globalization;
using System.Text;

namespace Kuid.Jobd.Core.Metrics;

/// <summary>
/// Series as Prometheus reads them: the text exposition format, version 0.0.4. Names are made of an instrument's as
/// OpenTelemetry's specification for Prometheus has it: dots become underscores, the unit and for counters <c>total</c> are added.
/// </summary>
internal static class PrometheusText
{
    internal static byte[] Write(IEnumerable<MetricFamily> families)
    {
        var text = new StringBuilder();
        foreach (IGrouping<string, MetricFamily> same in families.GroupBy(NameOf, StringComparer.Ordinal).OrderBy(each => each.Key, StringComparer.Ordinal))
        {
            MetricFamily first = same.First();
            text.Append("# HELP ").Append(same.Key).Append(' ').Append(Escape(first.Instrument.Description ?? string.Empty, quotes: false)).Append('\n')
                .Append("# TYPE ").Append(same.Key).Append(' ').Append(first.Kind.ToString().ToLowerInvariant()).Append('\n');
            foreach (MetricFamily family in same)
            {
                foreach ((TagValues tags, MetricSeries series) in family.Series)
                {
                    Write(text, same.Key, family, tags, series);
                }
            }
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>The name of a family: <c>kuid.job.duration</c> in <c>s</c> is <c>kuid_job_duration_seconds</c>.</summary>
    internal static string NameOf(MetricFamily family)
    {
        string name = family.Instrument.Name.Replace('.', '_') + family.Instrument.Unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            _ => string.Empty,
        };
        return family.Kind == MetricKind.Counter ? name + "_total" : name;
    }

    private static void Write(StringBuilder text, string name, MetricFamily family, TagValues tags, MetricSeries series)
    {
        string labels = Labels(family.Tags, tags);
        if (family.Bounds is not { } bounds)
        {
            Line(text, name, labels, series.Value);
            return;
        }

        // The count is that of the buckets that are shown, so that both agree whatever is measured meanwhile.
        long count = 0;
        long[] buckets = series.Buckets;
        for (int i = 0; i < buckets.Length; i++)
        {
            count += buckets[i];
            string bound = i < bounds.Count ? Number(bounds[i]) : "+Inf";
            Line(text, name + "_bucket", $"{labels}{(labels.Length > 0 ? "," : string.Empty)}le=\"{bound}\"", count);
        }

        Line(text, name + "_sum", labels, series.Value);
        Line(text, name + "_count", labels, count);
    }

    private static void Line(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
        {
            text.Append('{').Append(labels).Append('}');
        }

        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Labels(IReadOnlyList<string> names, TagValues values) => string.Join(
        ',',
        names.Zip(new[] { values.First, values.Second, values.Third }, (name, value) => $"{name}=\"{Escape(value ?? string.Empty, quotes: true)}\""));

    private static string Escape(string text, bool quotes)
    {
        string escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return quotes ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString(CultureInfo.InvariantCulture),
    };
}
