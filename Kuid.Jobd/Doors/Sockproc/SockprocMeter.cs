using System.Diagnostics;
using System.Diagnostics.Metrics;
using Kuid.Jobd.Core.Metrics;

namespace Kuid.Jobd.Doors.Sockproc;

/// <summary>What is measured of the sockproc door.</summary>
internal static class SockprocMeter
{
    private static readonly Meter Meter = new(KuidMeter.Name);

    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        "kuid.sockproc.request.duration", "s", "From a sockproc connection to its end, by what became of it.", tags: null, KuidMeter.Times);

    private static readonly KeyValuePair<string, object?> Served = new("outcome", "served");
    private static readonly KeyValuePair<string, object?> Refused = new("outcome", "refused");

    /// <summary>A connection is over.</summary>
    /// <param name="begun">When it began, by <see cref="Stopwatch.GetTimestamp"/>.</param>
    internal static void Over(long begun, bool served) => Duration.Record(Stopwatch.GetElapsedTime(begun).TotalSeconds, served ? Served : Refused);
}
