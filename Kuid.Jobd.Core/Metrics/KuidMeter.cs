using System.Diagnostics.Metrics;

namespace Kuid.Jobd.Core.Metrics;

/// <summary>
/// What all measuring of the daemon has in common. Instruments are named as OpenTelemetry has it (<c>kuid.job.duration</c> in
/// <c>s</c>), which a reader of Prometheus text sees as <c>kuid_job_duration_seconds</c>.
/// </summary>
/// <remarks>
/// Instruments are of the process, not of an object: there is one daemon in it, and who measures needs nothing handed down.
/// While nobody listens, measuring is a look at a null. Every instrument has the same tags in the same order at every
/// measurement, with strings that exist already, so that measuring allocates nothing.
/// </remarks>
public static class KuidMeter
{
    /// <summary>The name of every meter of the daemon.</summary>
    public const string Name = "Kuid";

    /// <summary>Bounds of histograms of times that can be short or hours, in seconds.</summary>
    public static InstrumentAdvice<double> Times { get; } = new()
    {
        HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 300, 1800, 3600, 21600],
    };

    /// <summary>Bounds of histograms of times that are short, or something is wrong, in seconds.</summary>
    public static InstrumentAdvice<double> ShortTimes { get; } = new()
    {
        HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    };

    /// <summary>The instruments of the engine.</summary>
    internal static Meter Engine { get; } = new(Name);
}
