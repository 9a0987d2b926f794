using System.Collections.Immutable;
using AnalogHil.Calibration.Acquisition;

namespace AnalogHil.Calibration.Drift;

/// <summary>One probe of the whole device.</summary>
/// <param name="Alarms">Tiles and points that changed; empty for none.</param>
/// <param name="Reads">Reads made, one column's conversions counted one by one.</param>
/// <param name="DeviceSeconds">Time of these reads as the device declares it: calls with their settling, without programming.</param>
/// <param name="Faults">Tiles that could not be probed; they are watched by the next probe.</param>
public sealed record DriftProbe(ImmutableArray<DriftAlarm> Alarms, long Reads, double DeviceSeconds, ImmutableArray<TileFault> Faults);
