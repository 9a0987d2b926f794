using System.Collections.Immutable;
using AnalogHil.Daemon.Hosting;
using AnalogHil.V1;
using Google.Protobuf.WellKnownTypes;

namespace AnalogHil.Daemon.Telemetry.Streaming;

/// <summary>Brings samples from those that see them to the clients that listen. Publishing never waits, and costs little while nobody listens.</summary>
internal sealed class TelemetryHub
{
    private readonly DaemonOptions _options;
    private readonly DaemonMeter _meter;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Dictionary<(SampleKind, string), TelemetrySample> _newest = [];
    private ImmutableArray<TelemetrySubscription> _subscriptions = [];

    public TelemetryHub(DaemonOptions options, DaemonMeter meter, TimeProvider time)
    {
        (_options, _meter, _time) = (options, meter, time);
        meter.DriftSeen += (bench, drift) => Publish(SampleKind.Drift, bench, new StreamResponse { Drift = drift });
    }

    /// <summary>Clients that listen.</summary>
    public int Listeners => _subscriptions.Length;

    /// <summary>Telemetry that a device told.</summary>
    public void Publish(string bench, V1.Telemetry telemetry) => Publish(SampleKind.Telemetry, bench, new StreamResponse { Telemetry = telemetry });

    /// <summary>Counts of a device's calls.</summary>
    public void Publish(string bench, CallCounts calls) => Publish(SampleKind.Calls, bench, new StreamResponse { Calls = calls });

    /// <summary>Progress of an operation on a bench.</summary>
    public void Publish(string bench, OperationProgress progress) => Publish(SampleKind.Progress, bench, new StreamResponse { Progress = progress });

    /// <summary>A call that failed.</summary>
    public void Publish(string bench, DeviceFailure failure) => Publish(SampleKind.Fault, bench, new StreamResponse { Fault = failure });

    /// <summary>Has a client listen; it gets the newest samples at once. Null when as many listen as may.</summary>
    public TelemetrySubscription? TrySubscribe(TelemetryFilter filter)
    {
        lock (_gate)
        {
            if (_subscriptions.Length == _options.TelemetryListeners)
            {
                return null;
            }

            var subscription = new TelemetrySubscription(filter, _options.TelemetryBuffer, _time);
            foreach (TelemetrySample newest in _newest.Values.OrderBy(sample => sample.Message.Time))
            {
                subscription.Offer(newest);
            }

            _subscriptions = _subscriptions.Add(subscription);
            _meter.Listeners(1);
            return subscription;
        }
    }

    /// <summary>The client has gone.</summary>
    public void Remove(TelemetrySubscription subscription)
    {
        lock (_gate)
        {
            _subscriptions = _subscriptions.Remove(subscription);
            _meter.Listeners(-1);
        }
    }

    private void Publish(SampleKind kind, string bench, StreamResponse message)
    {
        message.Bench = bench;
        message.Time = Timestamp.FromDateTimeOffset(_time.GetUtcNow());
        var sample = new TelemetrySample(kind, bench, message);
        lock (_gate)
        {
            if (sample.IsState)
            {
                _newest[(kind, bench)] = sample;
            }

            int lost = 0;
            foreach (TelemetrySubscription subscription in _subscriptions)
            {
                lost += subscription.Offer(sample);
            }

            _meter.Sampled(kind, lost);
        }
    }
}
