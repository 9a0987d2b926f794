using System.Collections.Immutable;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Estimation;
using AnalogHil.Calibration.Quantised;
using AnalogHil.Calibration.Refit;
using AnalogHil.Core.Statistics;
using MathNet.Numerics.Distributions;

namespace AnalogHil.Calibration.Statics;

/// <summary>Offset and dark noise of every column, from archived reads without drive.</summary>
/// <param name="Columns">Usable columns.</param>
/// <param name="Moving">Columns whose offset differs from call to call at <see cref="FamilyLevel"/> over all columns: drift, warm-up or slow noise.</param>
/// <param name="Excluded">Columns left out, with reasons.</param>
public sealed record DarkStudy(ImmutableArray<DarkColumn> Columns, ImmutableArray<(int Tile, int Column)> Moving, ImmutableArray<ExcludedColumn> Excluded)
{
    /// <summary>Chance that any column of a device with steady offsets is called moving.</summary>
    public const double FamilyLevel = 0.01;

    /// <summary>Studies a design point without drive.</summary>
    /// <param name="archive">Reads.</param>
    /// <param name="point">Design point.</param>
    /// <param name="confidence">Level of the intervals.</param>
    /// <exception cref="ArgumentException">No such single reads.</exception>
    public static DarkStudy Of(ArchivedReads archive, string point = "dark", double confidence = 0.95)
    {
        ImmutableArray<ExcludedColumn> excluded = ReadScreening.Columns(archive);
        ArchivedSeries series = archive.Series.FirstOrDefault(s => s.Description.Point == point && s.Description.Repeats == 1)
            ?? throw new ArgumentException($"the archive has no single reads at {point}; acquire that point", nameof(point));
        double step = archive.Provenance.FullScale.QuantiserStep;
        var columns = ImmutableArray.CreateBuilder<DarkColumn>();
        var probabilities = new List<double>();
        foreach (((int tile, int column), List<CallMean> calls) in ColumnCalls.Of(series, ColumnCalls.Excluded(excluded)))
        {
            (double mean, long reads, double squares, long dof) = ColumnCalls.Pooled(calls);
            if (dof < 1)
            {
                throw new ArgumentException($"{point}: calls of one vector tell no noise from offset; read calls of two or more", nameof(archive));
            }

            double variance = squares / dof;
            double between = calls.Sum(call => call.Segment.Vectors * (call.Mean - mean) * (call.Mean - mean));

            // Where the offset moves the calls' scatter is the error of their mean; where it does not, the larger of both costs little.
            double ms = calls.Count > 4 ? Math.Max(variance, between / (calls.Count - 1)) : variance;
            double dofUsed = ms > variance ? calls.Count - 1 : dof;
            Interval sigma = variance > 0 ? ChiSquareInterval.ForStandardDeviation(variance, dof, confidence) : new Interval(0, step);
            double clean = Math.Sqrt(Math.Max(0, sigma.Low * sigma.Low - step * step / 12));
            double half = StudentT.InvCDF(0, 1, dofUsed, 0.5 * (1 + confidence)) * Math.Sqrt(ms / reads) + ConverterBias.Worst(step, clean);
            columns.Add(new DarkColumn(
                tile,
                column,
                new Estimate(mean, new Interval(mean - half, mean + half), "dot product", reads, confidence),
                new Estimate(Math.Sqrt(variance) / SampleVariance.C4(dof), sigma, "dot product", reads, confidence)));
            probabilities.Add(calls.Count < 2 || variance == 0 ? 1 : 1 - FisherSnedecor.CDF(calls.Count - 1, dof, between / (calls.Count - 1) / variance));
        }

        ImmutableArray<double> adjusted = HolmProcedure.Adjust(probabilities);
        return new(columns.ToImmutable(), [.. columns.Where((_, i) => adjusted[i] <= FamilyLevel).Select(column => (column.Tile, column.Column))], excluded);
    }
}
