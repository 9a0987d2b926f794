using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Devices.Guarding;
using AnalogHil.V1;
using LineCounts = AnalogHil.Devices.Contract.LineCounts;

namespace AnalogHil.Daemon.Telemetry;

/// <summary>What a daemon measures of itself; docs/daemon.md lists every metric. Recording costs next to nothing while nobody collects.</summary>
internal sealed class DaemonMeter : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "AnalogHil.Daemon";

    // A simulated read takes microseconds, a batch on a serial device seconds.
    private static readonly double[] CallBounds = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30];

    private readonly Meter _meter;
    private readonly Histogram<double> _calls;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _reads;
    private readonly Counter<long> _saturated;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _timeouts;
    private readonly Counter<long> _corrupt;
    private readonly Counter<long> _retransmissions;
    private readonly Counter<long> _damaged;
    private readonly Counter<long> _resets;
    private readonly Gauge<double> _temperature;
    private readonly Gauge<double> _energy;
    private readonly Gauge<int> _works;
    private readonly Histogram<double> _probes;
    private readonly Counter<long> _ended;
    private readonly ConcurrentDictionary<string, DriftStatus> _drift = new(StringComparer.Ordinal);
    private readonly Counter<long> _driftProbes;
    private readonly Counter<long> _driftAlarms;
    private readonly Gauge<int> _degraded;
    private readonly UpDownCounter<long> _listeners;
    private readonly Counter<long> _samples;
    private readonly Counter<long> _dropped;

    public DaemonMeter(IMeterFactory factory, TimeProvider time)
    {
        _meter = factory.Create(Name);
        var callAdvice = new InstrumentAdvice<double> { HistogramBucketBoundaries = CallBounds };
        _calls = _meter.CreateHistogram("analoghil.device.call.duration", "s", "Time of a call of a device, repetitions included.", advice: callAdvice);
        _failures = _meter.CreateCounter<long>("analoghil.device.failures", "{call}", "Calls of a device that failed after their repetitions.");
        _reads = _meter.CreateCounter<long>("analoghil.device.reads", "{read}", "Reads in good replies of a device.");
        _saturated = _meter.CreateCounter<long>("analoghil.device.saturated_reads", "{read}", "Of these, reads at the end of the converter's range.");
        _retries = _meter.CreateCounter<long>("analoghil.device.retries", "{call}", "Calls of a device repeated after a failure in passing.");
        _timeouts = _meter.CreateCounter<long>("analoghil.device.timeouts", "{reply}", "Replies of a device that did not come in time.");
        _corrupt = _meter.CreateCounter<long>("analoghil.device.corrupt_replies", "{reply}", "Replies of a device that were damaged.");
        _retransmissions = _meter.CreateCounter<long>("analoghil.line.retransmissions", "{frame}", "Frames sent to a device again because no receipt came.");
        _damaged = _meter.CreateCounter<long>("analoghil.line.damaged_frames", "{frame}", "Frames of a device that came damaged, by what was wrong with them.");
        _resets = _meter.CreateCounter<long>("analoghil.line.resets", "{link}", "Times that the link to a device was taken up anew.");
        _temperature = _meter.CreateGauge<double>("analoghil.device.temperature", "Cel", "Temperature of a device, as it last told it.");
        _energy = _meter.CreateGauge<double>("analoghil.device.energy", "J", "Declared energy that a device has spent since it booted, as it last told it.");
        _works = _meter.CreateGauge<int>("analoghil.bench.works", null, "Whether the device of a bench worked when it was last probed or used: 1 or 0.");
        _probes = _meter.CreateHistogram(
            "analoghil.bench.probe.duration", "s", "Time of a probe of a device: opening, identifying, telemetry, closing.", advice: callAdvice);
        _ended = _meter.CreateCounter<long>("analoghil.operations.ended", "{operation}", "Operations that ended, by how.");
        _driftProbes = _meter.CreateCounter<long>("analoghil.drift.probes", "{probe}", "Probes of the drift watch.");
        _driftAlarms = _meter.CreateCounter<long>("analoghil.drift.alarms", "{alarm}", "Drift watches that found drift.");
        _degraded = _meter.CreateGauge<int>("analoghil.bench.degraded", null,
            "Whether the plan of a watched bench cannot be kept up under its drifted noise: 1 or 0.");
        _listeners = _meter.CreateUpDownCounter<long>("analoghil.telemetry.listeners", "{client}", "Clients of the telemetry stream.");
        _samples = _meter.CreateCounter<long>("analoghil.telemetry.samples", "{sample}", "Samples of telemetry seen.");
        _dropped = _meter.CreateCounter<long>("analoghil.telemetry.dropped", "{sample}", "Samples lost because a client did not read.");
        DateTimeOffset started = time.GetUtcNow();
        _meter.CreateObservableGauge("analoghil.start_time", () => started.ToUnixTimeMilliseconds() / 1000.0, "s", "When the daemon started, Unix time.");
        _meter.CreateObservableGauge(
            "analoghil.build_info",
            () => new Measurement<int>(
                1, new KeyValuePair<string, object?>("version", BuildInfo.Version), new KeyValuePair<string, object?>("commit", BuildInfo.Commit)),
            null,
            "1, with what the program was built from.");
    }

    /// <summary>A gauge that is asked when the metrics are read.</summary>
    public void Observe(string name, string? unit, string description, Func<IEnumerable<Measurement<long>>> read) =>
        _meter.CreateObservableGauge(name, read, unit, description);

    /// <summary>A counter that is asked when the metrics are read.</summary>
    public void ObserveCounter(string name, string? unit, string description, Func<long> read) =>
        _meter.CreateObservableCounter(name, read, unit, description);

    /// <summary>A call of a device has ended; <paramref name="fault"/> is null when well.</summary>
    public void Called(string bench, string call, TimeSpan took, string? fault)
    {
        _calls.Record(took.TotalSeconds, new KeyValuePair<string, object?>("bench", bench), new KeyValuePair<string, object?>("call", call));
        if (fault is not null)
        {
            _failures.Add(1, new("bench", bench), new("call", call), new("fault", fault));
        }
    }

    /// <summary>What a guard has counted since it was last asked.</summary>
    public void Counted(string bench, GuardCounts more)
    {
        var tag = new KeyValuePair<string, object?>("bench", bench);
        Add(_reads, more.Reads);
        Add(_saturated, more.SaturatedReads);
        Add(_retries, more.Retries);
        Add(_timeouts, more.Timeouts);
        Add(_corrupt, more.CorruptReplies);

        void Add(Counter<long> counter, long value)
        {
            if (value > 0)
            {
                counter.Add(value, tag);
            }
        }
    }

    /// <summary>What the line to a device has counted, and had when it was last asked.</summary>
    public void Counted(string bench, LineCounts now, LineCounts before)
    {
        var tag = new KeyValuePair<string, object?>("bench", bench);
        Add(_retransmissions, now.Retransmissions - before.Retransmissions, tag);
        Add(_damaged, now.ChecksumErrors - before.ChecksumErrors, tag, new("damage", "checksum"));
        Add(_damaged, now.DamagedFrames - before.DamagedFrames, tag, new("damage", "framing"));
        Add(_resets, now.Resets - before.Resets, tag);

        static void Add(Counter<long> counter, long value, params ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (value > 0)
            {
                counter.Add(value, tags);
            }
        }
    }

    /// <summary>A device told of itself.</summary>
    /// <param name="bench">Its bench.</param>
    /// <param name="celsius">Temperature; NaN without a sensor.</param>
    /// <param name="joules">Declared energy since boot.</param>
    public void Told(string bench, double celsius, double joules)
    {
        var tag = new KeyValuePair<string, object?>("bench", bench);
        if (!double.IsNaN(celsius))
        {
            _temperature.Record(celsius, tag);
        }

        _energy.Record(joules, tag);
    }

    /// <summary>A device worked or did not.</summary>
    public void Works(string bench, bool works) => _works.Record(works ? 1 : 0, new KeyValuePair<string, object?>("bench", bench));

    /// <summary>A probe has ended.</summary>
    public void Probed(string bench, long began, bool worked) => _probes.Record(
        Stopwatch.GetElapsedTime(began).TotalSeconds,
        new KeyValuePair<string, object?>("bench", bench), new KeyValuePair<string, object?>("outcome", worked ? "worked" : "failed"));

    /// <summary>An operation ended: "done" with a response, whatever its verdict, else the gRPC status of its failure.</summary>
    public void Ended(string kind, string how) =>
        _ended.Add(1, new KeyValuePair<string, object?>("kind", kind), new KeyValuePair<string, object?>("outcome", how));

    /// <summary>Who passes on what drift watches find: bench, and what is known of it.</summary>
    public event Action<string, DriftStatus>? DriftSeen;

    /// <summary>A drift watch has probed a bench; whether it found drift.</summary>
    public void Watched(string bench, int probes, bool alarmed)
    {
        DriftSeen?.Invoke(bench, _drift.AddOrUpdate(
            bench,
            _ => new DriftStatus { Probes = probes, Alarm = alarmed },
            (_, known) => new DriftStatus { Probes = probes, Alarm = alarmed, Degraded = known.Degraded }));
        var tag = new KeyValuePair<string, object?>("bench", bench);
        _driftProbes.Add(probes, tag);
        _driftAlarms.Add(alarmed ? 1 : 0, tag);
    }

    /// <summary>A bench was calibrated anew after an alarm, which stands no longer; no probe was made for it.</summary>
    public void Renewed(string bench)
    {
        if (_drift.TryGetValue(bench, out DriftStatus? known) && known.Alarm)
        {
            var now = new DriftStatus(known) { Alarm = false };
            _drift[bench] = now;
            DriftSeen?.Invoke(bench, now);
        }
    }

    /// <summary>The plan of a bench is kept up under its noise, or cannot be.</summary>
    public void Degraded(string bench, bool degraded)
    {
        DriftStatus known = _drift.GetOrAdd(bench, _ => new DriftStatus());
        if (known.Degraded != degraded)
        {
            var now = new DriftStatus(known) { Degraded = degraded };
            _drift[bench] = now;
            DriftSeen?.Invoke(bench, now);
        }

        _degraded.Record(degraded ? 1 : 0, new KeyValuePair<string, object?>("bench", bench));
    }

    /// <summary>Clients of the stream came or went.</summary>
    public void Listeners(int change) => _listeners.Add(change);

    /// <summary>A sample was seen, and so many were lost for it.</summary>
    public void Sampled(SampleKind kind, int lost)
    {
        _samples.Add(1, new KeyValuePair<string, object?>("kind", kind.ToString()));
        if (lost > 0)
        {
            _dropped.Add(lost);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
