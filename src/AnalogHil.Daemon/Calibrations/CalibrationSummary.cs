using System.Collections.Immutable;
using AnalogHil.Calibration.Suite;

namespace AnalogHil.Daemon.Calibrations;

/// <summary>A kept calibration in a list.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Device">Uid of the device.</param>
/// <param name="Made">When it was finished.</param>
/// <param name="MadeBy">Who made it.</param>
/// <param name="Standing">Whether it may be used, in words.</param>
/// <param name="Figures">Its figures.</param>
public sealed record CalibrationSummary(string Id, string Device, DateTimeOffset Made, string MadeBy, string Standing, ImmutableArray<NamedFigure> Figures);
