using System.Collections.Immutable;
using AnalogHil.Calibration.Drift;

namespace AnalogHil.Daemon.Calibrations.Drift;

/// <summary>What the probes of a watch found.</summary>
/// <param name="Bench">The bench.</param>
/// <param name="Document">The calibration that it was compared with.</param>
/// <param name="Sentry">The watch, to go on with.</param>
/// <param name="Made">Probes made this time.</param>
/// <param name="Last">The last of them.</param>
internal sealed record DriftFinding(CalibrationBench Bench, CalibrationDocument Document, DriftSentry Sentry, int Made, DriftProbe Last)
{
    /// <summary>What drifted; empty for nothing.</summary>
    public ImmutableArray<DriftAlarm> Alarms => Last.Alarms;

    /// <summary>The same in words.</summary>
    public string Detail
    {
        get
        {
            string probe = FormattableString.Invariant($"{Last.Reads} reads and {1e3 * Last.DeviceSeconds:0.###} ms of the device a probe");
            if (Alarms.MaxBy(alarm => alarm.Evidence) is not { } worst)
            {
                string made = FormattableString.Invariant($"{Sentry.Probes} probes, {Made} of them now, {probe}");
                return $"no drift of {Document.Id} in {made} (steps of 10 % of a sigma; one false alarm in 1,000 probes on average; {Sentry.Scatter})";
            }

            string evidence = FormattableString.Invariant($"evidence {worst.Evidence:0.0}, threshold {worst.Threshold:0.0}");
            string strongest = FormattableString.Invariant($"tile {worst.Tile} {worst.Point}, sigma {(worst.Rise ? "rose" : "fell")} ({evidence})");
            return FormattableString.Invariant(
                $"drift of {Document.Id} after {Sentry.Probes} probes, {probe}: {Alarms.Length} charts, the strongest {strongest}");
        }
    }
}
