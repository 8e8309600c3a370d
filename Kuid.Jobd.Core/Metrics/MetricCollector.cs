using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Kuid.Jobd.Core.Metrics;

/// <summary>Adds up what the daemon measures, for whoever asks for it as text. What was measured before it began is not in it.</summary>
public sealed class MetricCollector : IDisposable
{
    private readonly ConcurrentDictionary<Instrument, MetricFamily> _families = new();
    private readonly MeterListener _listener = new();
    private readonly Lock _reading = new();

    /// <summary>Begins to add up.</summary>
    /// <param name="meter">The name of the meters that are listened to.</param>
    public MetricCollector(string meter = KuidMeter.Name)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == meter)
            {
                listener.EnableMeasurementEvents(instrument, _families.GetOrAdd(instrument, each => new MetricFamily(each)));
            }
        };
        _listener.MeasurementsCompleted = (instrument, _) => _families.TryRemove(instrument, out MetricFamily? _);
        _listener.SetMeasurementEventCallback<long>((_, value, tags, state) => ((MetricFamily)state!).Measure(value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, state) => ((MetricFamily)state!).Measure(value, tags));
        _listener.Start();
    }

    /// <summary>Everything as of now, in Prometheus' text format 0.0.4.</summary>
    public byte[] ReadText()
    {
        lock (_reading)
        {
            foreach (MetricFamily family in _families.Values.Where(family => family.Instrument.IsObservable))
            {
                family.Forget();
            }

            _listener.RecordObservableInstruments();
            return PrometheusText.Write(_families.Values);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();
}
