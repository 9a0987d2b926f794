namespace AnalogHil.Calibration.Drift;

/// <summary>
/// By how much the sample variances of probes scatter more than the chi-square law of independent reads says: 1/f and telegraph noise hang together within a
/// probe, noise common to columns hangs together between them. A probe then has its degrees of freedom divided by <see cref="Factor"/>.
/// </summary>
/// <param name="Point">Design point.</param>
/// <param name="Tile">Tile.</param>
/// <param name="Factor">What degrees of freedom are divided by, at least 1: the one-sided 70 % upper limit of <paramref name="Observed"/>; 1 where there are
/// fewer than <see cref="FewestPieces"/> pieces.</param>
/// <param name="Observed">Variance of the pieces' variances over that of the law; its expectation is 1 for independent reads.</param>
/// <param name="Pieces">Pieces of a probe's length in the reference that it rests on, less one for each tile; 0 where they were too few.</param>
public sealed record ProbeScatter(string Point, int Tile, double Factor, double Observed, long Pieces)
{
    /// <summary>Pieces, less one for each tile, without which nothing is said about scatter.</summary>
    public const int FewestPieces = 8;
}
