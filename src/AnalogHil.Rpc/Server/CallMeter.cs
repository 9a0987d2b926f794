using System.Diagnostics;
using System.Diagnostics.Metrics;
using Grpc.Core;

namespace AnalogHil.Rpc.Server;

/// <summary>Counts and times the calls of mapped methods; costs next to nothing while nobody listens to the meter.</summary>
internal sealed class CallMeter : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "AnalogHil.Rpc";

    // A lookup on a Unix socket takes 0.1 ms, a wait for a lease minutes.
    private static readonly double[] Bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600];

    private readonly Meter _meter;
    private readonly UpDownCounter<long> _active;
    private readonly Histogram<double> _duration;

    public CallMeter(IMeterFactory factory)
    {
        _meter = factory.Create(Name);
        _active = _meter.CreateUpDownCounter<long>("analoghil.rpc.active_calls", "{call}", "Calls under way.");
        _duration = _meter.CreateHistogram(
            "analoghil.rpc.call.duration", "s", "Time from the headers of a call to the end of its handler; streams count as one call.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Bounds });
    }

    /// <summary>A call was taken; returns when, as a timestamp of <see cref="Stopwatch"/>.</summary>
    public long Began(string method)
    {
        _active.Add(1, new KeyValuePair<string, object?>("method", method));
        return Stopwatch.GetTimestamp();
    }

    /// <summary>A call has ended.</summary>
    public void Ended(string method, long began, StatusCode code)
    {
        _active.Add(-1, new KeyValuePair<string, object?>("method", method));
        Record(method, Stopwatch.GetElapsedTime(began), code);
    }

    /// <summary>A call was refused before its handler.</summary>
    public void Refused(string method, StatusCode code) => Record(method, TimeSpan.Zero, code);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private void Record(string method, TimeSpan took, StatusCode code)
    {
        if (_duration.Enabled)
        {
            _duration.Record(
                took.TotalSeconds, new KeyValuePair<string, object?>("method", method), new KeyValuePair<string, object?>("code", code.ToString()));
        }
    }
}
