using System.Collections.Immutable;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Mix;

namespace AnalogHil.Calibration.Refit;

/// <summary>Archived reads to figures, without a device: screens columns, pools each design point's spread, separates the mix. A pure function.</summary>
public static class ArchiveRefit
{
    private const double SuspectScore = 4;

    /// <summary>Fits the series of single reads.</summary>
    /// <param name="archive">Reads with their conditions.</param>
    /// <param name="terms">Shapes to look for.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="CalibrationException">The design cannot separate the terms, or a point lies in the converter's dead zone.</exception>
    /// <exception cref="ArgumentException">No usable reads of single reads (K = 1).</exception>
    public static RefitResult Fit(ArchivedReads archive, ImmutableArray<MixTerm> terms, RefitOptions? options = null)
    {
        options ??= new RefitOptions();
        List<string> warnings = [.. archive.Warnings];
        ImmutableArray<ExcludedColumn> excluded = ReadScreening.Columns(archive);
        var left = excluded.Select(column => (column.Tile, column.Column)).ToHashSet();
        PointStudy[] points =
        [
            .. archive.Series.Where(series => series.Description.Repeats == 1)
                .Select(series => PointFit.Of(ReadScreening.Ordered(series, warnings), archive, left, options)).OfType<PointStudy>(),
        ];
        if (points.Length == 0)
        {
            throw new ArgumentException($"the archive has no usable single reads; {excluded.Length} columns were left out and {archive.Series.Length} "
                + "series found", nameof(archive));
        }

        warnings.AddRange(points.Where(point => Math.Abs(point.VonNeumannScore) > SuspectScore).Select(point =>
            $"{point.Observation.Point}: successive reads are not independent, {point.VonNeumannScore:F1} standard deviations; "
                + "intervals are too narrow where noise is slow: measure averaging, look for drift"));
        warnings.AddRange(points.Where(point => point.OutlierCount > 0).Select(point =>
            $"{point.Observation.Point}: {point.OutlierCount} reads lie too far out for Gaussian noise, "
                + $"the farthest {point.Outliers[0].Score:F1} standard deviations (tile {point.Outliers[0].Tile} column {point.Outliers[0].Column}); "
            + (options.Estimator == SpreadEstimator.Huber ? "they count little" : "fit again with the Huber estimator")));
        MixResult mix = MixFit.Fit([.. points.Select(point => point.Observation)], archive.Provenance.FullScale, terms, options.Mix);
        return new(mix, [.. points], excluded, [.. warnings, .. mix.Warnings]);
    }
}
