using System.Collections.Immutable;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Estimation;
using AnalogHil.Calibration.Quantised;
using AnalogHil.Calibration.Refit;
using AnalogHil.Core.Statistics;
using MathNet.Numerics.Distributions;

namespace AnalogHil.Calibration.Statics;

/// <summary>Gain, offset and integral nonlinearity of every column, from an archived <see cref="LineSweep"/>.</summary>
/// <param name="Columns">Usable columns.</param>
/// <param name="Excluded">Columns left out, with reasons.</param>
/// <param name="Warnings">Doubts.</param>
public sealed record LineStudy(ImmutableArray<ColumnLine> Columns, ImmutableArray<ExcludedColumn> Excluded, ImmutableArray<string> Warnings)
{
    /// <summary>Chance that any column of a straight device is called bent.</summary>
    public const double FamilyLevel = 0.01;

    /// <summary>Fits the line of every column.</summary>
    /// <param name="archive">Reads.</param>
    /// <param name="confidence">Level of the intervals.</param>
    /// <exception cref="ArgumentException">Fewer than five products, or calls of one vector.</exception>
    public static LineStudy Of(ArchivedReads archive, double confidence = 0.95)
    {
        ImmutableArray<ExcludedColumn> excluded = ReadScreening.Columns(archive);
        HashSet<(int Tile, int Column)> left = ColumnCalls.Excluded(excluded);
        ArchivedSeries[] sweep = [.. archive.Series.Where(series => series.Description.Point.StartsWith(LineSweep.Name + "-", StringComparison.Ordinal))];
        if (sweep.Length == 0)
        {
            throw new ArgumentException("no products are archived; gain and nonlinearity take a line sweep of at least 5", nameof(archive));
        }

        var calls = new SortedDictionary<(int Tile, int Column), SortedDictionary<double, List<CallMean>>>();
        foreach (ArchivedSeries series in sweep)
        {
            foreach (((int Tile, int Column) place, List<CallMean> own) in ColumnCalls.Of(series, left))
            {
                double product = (place.Column % 2 == 0 ? 1 : -1) * LineSweep.Product(series.Description);
                SortedDictionary<double, List<CallMean>> column = calls.GetValueOrDefault(place) ?? (calls[place] = []);
                (column.GetValueOrDefault(product) ?? (column[product] = [])).AddRange(own);
            }
        }

        if (calls.Values.Any(column => column.Count < 5))
        {
            throw new ArgumentException(
                $"{calls.Values.Min(column => column.Count)} products are archived of a column; gain and nonlinearity take a line sweep of at least 5",
                nameof(archive));
        }

        double step = archive.Provenance.FullScale.QuantiserStep;
        (ColumnLine Line, double Clean, bool Apart)[] lines = [.. calls.Select(pair => Fit(pair.Key, [.. pair.Value.Select(Point)], step, confidence))];
        ImmutableArray<double> adjusted = HolmProcedure.Adjust([.. lines.Select(line => line.Line.Probability)]);
        double least = lines.Length == 0 ? 0 : lines.Min(line => line.Clean);
        var warnings = ImmutableArray.CreateBuilder<string>();
        if (step > 0 && least < 0.4 * step)
        {
            warnings.Add(
                $"noise of {least / step:F2} converter steps does not smear the steps out: they look like bends "
                + $"of up to {ConverterBias.Worst(step, least):G3}; add dither");
        }

        int together = lines.Count(line => !line.Apart);
        if (together > 0)
        {
            warnings.Add(
                $"{together} of {lines.Length} columns have too few calls apart in time (fewer than one repeated call a product): their errors are those "
                + "of reads within a call, which noise slower than a call does not show, so that intervals may be too narrow and straight columns called bent; "
                + "go through the sweep two times or more");
        }

        return new(
            [.. lines.Select((line, i) => line.Line with { Probability = adjusted[i], Bent = adjusted[i] <= FamilyLevel })], excluded, warnings.ToImmutable());
    }

    private static ProductMean Point(KeyValuePair<double, List<CallMean>> product)
    {
        (double mean, long reads, double squares, long dof) = ColumnCalls.Pooled(product.Value);
        double between = product.Value.Sum(call => call.Segment.Vectors * Square(call.Mean - mean));
        return new(product.Key, mean, reads, squares, dof, between, product.Value.Count - 1);
    }

    private static (ColumnLine Line, double Clean, bool Apart) Fit((int Tile, int Column) place, ProductMean[] points, double step, double confidence)
    {
        double within = points.Sum(point => (double)point.Dof);
        if (within < 1)
        {
            throw new ArgumentException("the sweep has one read a product and tells no noise from bends; read two or more");
        }

        // Reads of a call share what is slower than the call: only calls that lie apart show how well a product's mean is known.
        double oneRead = points.Sum(point => point.Squares) / within;
        bool apart = points.Sum(point => point.CallDof) >= points.Length;
        double dof = apart ? points.Sum(point => (double)point.CallDof) : within;
        double variance = apart ? points.Sum(point => point.CallSquares) / dof : oneRead;
        double weight = points.Sum(point => (double)point.Reads);
        double x = points.Sum(point => point.Reads * point.Product) / weight;
        double y = points.Sum(point => point.Reads * point.Mean) / weight;
        double sxx = points.Sum(point => point.Reads * (point.Product - x) * (point.Product - x));
        double slope = points.Sum(point => point.Reads * (point.Product - x) * (point.Mean - y)) / sxx;
        double misfit = points.Sum(point => point.Reads * Square(point.Mean - y - slope * (point.Product - x)));
        int misfitDof = points.Length - 2;
        double ratio = variance > 0 ? misfit / misfitDof / variance : 0;
        double probability = variance > 0 ? 1 - FisherSnedecor.CDF(misfitDof, dof, ratio) : 1;

        // On a bent column the scatter about the line is the error of the slope, not the read noise.
        bool bent = probability < FamilyLevel;
        double scale = bent ? misfit / misfitDof : variance;
        double t = StudentT.InvCDF(0, 1, bent ? misfitDof : dof, 0.5 * (1 + confidence));
        double largest = points.Max(point => Math.Abs(point.Mean - y - slope * (point.Product - x)));
        double joint = StudentT.InvCDF(0, 1, dof, 0.5 * (1 + Math.Pow(confidence, 1.0 / points.Length)));
        double band = joint * Math.Sqrt(variance / points.Min(point => point.Reads));
        double intercept = y - slope * x;
        var line = new ColumnLine(
            place.Tile,
            place.Column,
            Of(slope, t * Math.Sqrt(scale / sxx), "1"),
            Of(intercept, t * Math.Sqrt(scale * (1 / weight + x * x / sxx)), "dot product"),
            new Estimate(largest, new Interval(Math.Max(0, largest - band), largest + band), "dot product", (long)weight, confidence),
            probability,
            false);
        return (line, Math.Sqrt(Math.Max(0, oneRead - step * step / 12)), apart);

        Estimate Of(double value, double half, string unit) => new(value, new Interval(value - half, value + half), unit, (long)weight, confidence);
    }

    private static double Square(double value) => value * value;

    // Squares and CallSquares are about the mean of a call and about the mean of all its calls, both worth one read.
    private readonly record struct ProductMean(double Product, double Mean, long Reads, double Squares, long Dof, double CallSquares, int CallDof);
}
