using System.Collections;
using System.Runtime.CompilerServices;
using Kuid.Jobd.Core.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Kuid.Jobd;

/// <summary>
/// Sends the daemon's measurements to a collector by OTLP when the environment says where, with OpenTelemetry's own variables
/// (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, <c>_PROTOCOL</c>, <c>_HEADERS</c>, <c>OTEL_METRIC_EXPORT_INTERVAL</c>).
/// </summary>
internal static class OtlpPush
{
    private static readonly string[] Places = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"];

    /// <summary>Begins to send.</summary>
    /// <returns>Ends it, with what was measured last; null when there is nowhere to send to.</returns>
    internal static IDisposable? Start(IDictionary environment) =>
        Places.Any(name => environment[name] is string { Length: > 0 }) ? Build() : null;

    // A method of its own, never compiled where nothing is sent: its assemblies are not even loaded then.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static MeterProvider Build() => Sdk.CreateMeterProviderBuilder()
        .ConfigureResource(resource => resource.AddService("kuid-jobd", serviceVersion: Program.Version))
        .AddMeter(KuidMeter.Name)
        .AddOtlpExporter()
        .Build();
}
