using AnalogHil.Calibration.Suite;

namespace AnalogHil.Daemon.Reports.Calibrations;

/// <summary>One figure in one calibration of a device's history.</summary>
/// <param name="When">When the calibration was finished.</param>
/// <param name="Id">Its id.</param>
/// <param name="Figure">The figure.</param>
/// <param name="Bad">Whether the calibration is marked bad.</param>
public sealed record TrendPoint(DateTimeOffset When, string Id, NamedFigure Figure, bool Bad);
