namespace AnalogHil.Daemon.Telemetry.Exposition;

/// <summary>How the samples of a metric are read.</summary>
internal enum MetricKind
{
    /// <summary>Only grows.</summary>
    Counter,

    /// <summary>Goes up and down.</summary>
    Gauge,

    /// <summary>Counts of values at or below each of a few bounds, with their sum.</summary>
    Histogram,
}
