using System.Collections.Immutable;
using AnalogHil.Calibration.Graph;

namespace AnalogHil.Daemon.Calibrations;

/// <summary>What changed in a map between two calibrations.</summary>
/// <param name="Name">Map.</param>
/// <param name="Columns">Columns that both have.</param>
/// <param name="Changed">Columns that changed more than chance explains, over all columns of the map (Holm).</param>
/// <param name="MedianShift">Median over columns of (after - before) / before.</param>
public sealed record MapChange(string Name, int Columns, ImmutableArray<ColumnPlace> Changed, double MedianShift);
