using AnalogHil.Core.Statistics;

namespace AnalogHil.Calibration.Suite;

/// <summary>One figure of a calibration.</summary>
/// <param name="Name">Unique in a calibration, for example "sigma.Thermal"; the part before the first dot groups them.</param>
/// <param name="Value">Value with interval, unit, level and n.</param>
/// <param name="Present">For a figure that may be absent: whether it is told from zero; null for the others.</param>
public sealed record NamedFigure(string Name, Estimate Value, bool? Present = null);
