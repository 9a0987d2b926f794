using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace AnalogHil.Daemon.Telemetry.Exposition;

/// <summary>Gathers what the meters of one daemon measure, and those of its web server and runtime.</summary>
internal sealed class MetricCollector : IDisposable
{
    private static readonly string[] Foreign = ["System.Runtime", "Microsoft.AspNetCore.Server.Kestrel"];

    private readonly ConcurrentQueue<MetricFamily> _families = [];
    private readonly MeterListener _listener = new();
    private readonly Lock _reading = new();

    /// <param name="factory">Made the meters that count; another daemon's in the same process are left out.</param>
    public MetricCollector(IMeterFactory factory)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            Meter meter = instrument.Meter;
            bool ours = ReferenceEquals(meter.Scope, factory) && meter.Name.StartsWith("AnalogHil.", StringComparison.Ordinal);
            if (ours || (Foreign.Contains(meter.Name) && (meter.Scope is null || ReferenceEquals(meter.Scope, factory))))
            {
                var family = new MetricFamily(instrument);
                _families.Enqueue(family);
                listener.EnableMeasurementEvents(instrument, family);
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<float>((_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<decimal>((_, value, tags, family) => ((MetricFamily)family!).Record((double)value, tags));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<short>((_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<byte>((_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.Start();
    }

    /// <summary>Everything as it is now, as text for a scraper, sorted by name.</summary>
    /// <param name="openMetrics">OpenMetrics 1.0 instead of the older text format of Prometheus.</param>
    public string Read(bool openMetrics)
    {
        lock (_reading)
        {
            foreach (MetricFamily observed in _families.Where(family => family.IsObserved))
            {
                observed.Clear();
            }

            _listener.RecordObservableInstruments();
            return PrometheusText.Write(_families.OrderBy(family => family.Name, StringComparer.Ordinal), openMetrics);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();
}
