namespace AnalogHil.Calibration.Results;

/// <summary>Whether all tiles have the same noise: chi-square test of equal variances over the tiles, all design points together.</summary>
/// <param name="ChiSquare">Squared deviations of the logarithms of the tiles' variances from their mean, each over its own variance; chi-square distributed
/// when tiles are alike.</param>
/// <param name="DegreesOfFreedom">Sum over design points of the tiles read there minus one; 0 with a single tile.</param>
/// <param name="Probability">Of a chi-square at least this large if tiles are alike; below 0.01 is warned of.</param>
/// <param name="WorstTile">The noisiest tile.</param>
/// <param name="WorstRatio">Its standard deviation over the tiles' average, the converter's own part included; an estimate, the largest of several.</param>
public sealed record TileSpread(double ChiSquare, int DegreesOfFreedom, double Probability, int WorstTile, double WorstRatio)
{
    /// <summary>A single tile, which has nothing to differ from.</summary>
    public static TileSpread OneTile { get; } = new(0, 0, 1, 0, 1);
}
