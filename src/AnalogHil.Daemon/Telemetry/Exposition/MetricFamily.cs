using System.Diagnostics.Metrics;

namespace AnalogHil.Daemon.Telemetry.Exposition;

/// <summary>One metric with its series. Safe for concurrent measurements; a measurement of known labels allocates nothing.</summary>
internal sealed class MetricFamily
{
    /// <summary>Most series of one metric: a label that grows without end (a name chosen by a client) must not fill the memory.</summary>
    public const int MostSeries = 1000;

    // OpenTelemetry's bounds for seconds, for histograms that name none.
    private static readonly double[] UsualBounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    private readonly Lock _gate = new();
    private readonly Dictionary<int, List<MetricSeries>> _series = [];
    private readonly bool _adds;
    private int _count;

    public MetricFamily(Instrument instrument)
    {
        Type type = instrument.GetType().GetGenericTypeDefinition();
        Kind = type == typeof(Histogram<>) ? MetricKind.Histogram
            : type == typeof(Counter<>) || type == typeof(ObservableCounter<>) ? MetricKind.Counter
            : MetricKind.Gauge;
        _adds = type == typeof(Counter<>) || type == typeof(UpDownCounter<>);
        IsObserved = instrument.IsObservable;
        Name = MetricName.Of(instrument.Name, instrument.Unit);
        Unit = MetricName.UnitOf(instrument.Unit);
        Help = instrument.Description ?? "";
        Bounds = Kind != MetricKind.Histogram ? [] : BoundsOf(instrument);
    }

    /// <summary>Name without "_total".</summary>
    public string Name { get; }

    /// <summary>Unit as a word; empty for none.</summary>
    public string Unit { get; }

    /// <summary>What it is, in a sentence.</summary>
    public string Help { get; }

    /// <summary>How its samples are read.</summary>
    public MetricKind Kind { get; }

    /// <summary>Upper bounds of a histogram's buckets, ascending, without the infinite one.</summary>
    public IReadOnlyList<double> Bounds { get; }

    /// <summary>Whether it is measured when it is read, so that series of the reading before are forgotten.</summary>
    public bool IsObserved { get; }

    /// <summary>Measurements left out because there were too many series.</summary>
    public long LeftOut { get; private set; }

    /// <summary>Takes one measurement.</summary>
    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_gate)
        {
            if (Find(tags) is not { } series)
            {
                LeftOut++;
                return;
            }

            if (Kind == MetricKind.Histogram)
            {
                int bucket = 0;
                while (bucket < Bounds.Count && value > Bounds[bucket])
                {
                    bucket++;
                }

                series.Buckets[bucket]++;
                series.Count++;
                series.Value += value;
            }
            else
            {
                series.Value = _adds ? series.Value + value : value;
            }
        }
    }

    /// <summary>Forgets every series.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _series.Clear();
            _count = 0;
        }
    }

    /// <summary>The series as they are now, in the order of their labels.</summary>
    public IReadOnlyList<MetricSeries> Snapshot()
    {
        lock (_gate)
        {
            return [.. _series.Values.SelectMany(same => same).Select(series => series.Copy()).OrderBy(PrometheusText.Labels, StringComparer.Ordinal)];
        }
    }

    private static double[] BoundsOf(Instrument instrument) => instrument switch
    {
        Instrument<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
        Instrument<long> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
        Instrument<int> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
        _ => UsualBounds,
    };

    private MetricSeries? Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = default(HashCode);
        foreach ((string key, object? value) in tags)
        {
            hash.Add(key);
            hash.Add(value);
        }

        int code = hash.ToHashCode();
        if (!_series.TryGetValue(code, out List<MetricSeries>? same))
        {
            _series[code] = same = [];
        }

        foreach (MetricSeries series in same)
        {
            if (series.Has(tags))
            {
                return series;
            }
        }

        if (_count == MostSeries)
        {
            if (same.Count == 0)
            {
                _series.Remove(code);
            }

            return null;
        }

        _count++;
        var added = new MetricSeries(tags.ToArray(), Kind == MetricKind.Histogram ? Bounds.Count + 1 : 0);
        same.Add(added);
        return added;
    }
}
