using AnalogHil.Core.Statistics;

namespace AnalogHil.Calibration.Statics;

/// <summary>A column without drive.</summary>
/// <param name="Tile">Tile.</param>
/// <param name="Column">Column.</param>
/// <param name="Offset">Mean of dark reads, dot-product units; the interval includes what the converter's steps can do to a mean.</param>
/// <param name="Sigma">Standard deviation of one read, converter steps included, dot-product units.</param>
public sealed record DarkColumn(int Tile, int Column, Estimate Offset, Estimate Sigma);
