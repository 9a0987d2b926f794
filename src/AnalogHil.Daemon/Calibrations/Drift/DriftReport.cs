using System.Collections.Immutable;
using AnalogHil.Calibration.Drift;

namespace AnalogHil.Daemon.Calibrations.Drift;

/// <summary>What a watch over a device came to.</summary>
/// <param name="Probes">Probes made.</param>
/// <param name="Alarms">What drifted; empty for nothing.</param>
/// <param name="Renewed">The renewed calibration; null when nothing drifted.</param>
/// <param name="Detail">The same in words, with figures.</param>
internal sealed record DriftReport(int Probes, ImmutableArray<DriftAlarm> Alarms, CalibrationDocument? Renewed, string Detail)
{
    /// <summary>What the drift means for the plan of a campaign; null where none was named or nothing drifted.</summary>
    public Reallocation? Plan { get; init; }
}
