using System.Collections.Immutable;
using AnalogHil.Calibration.Acquisition;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Columns;
using AnalogHil.Calibration.Graph;
using AnalogHil.Calibration.Refit;
using AnalogHil.Core.Statistics;
using MathNet.Numerics.Distributions;

namespace AnalogHil.Calibration.Suite.Routines;

/// <summary>Sigma of every column without drive and at full drive, and what all columns share there: the averaging law in space.</summary>
internal sealed class ColumnSigmaRoutine : SuiteRoutine
{
    private const int CheckVectors = 17;
    private static readonly ImmutableArray<string> Points = ["dark", "full"];

    public override string Name => "column-sigma";

    public override ImmutableArray<string> DependsOn => ["line"];

    public override double Share => 3;

    public override bool HasCheck => true;

    public override bool ByColumn => true;

    public override Task<ImmutableArray<string>> AcquireAsync(RoutineReads reads, CancellationToken cancellationToken)
    {
        int vectors = Vectors(reads.Options.ColumnHalfWidth);
        return reads.AcquireAsync([.. Points.Select(point => new PlannedSeries(Corner.Of(reads.Device, point), reads.Tiles, vectors))], 256,
            cancellationToken);
    }

    public override RoutineResult Fit(ArchivedReads reads, FitSettings settings)
    {
        ImmutableArray<ExcludedColumn> excluded = ReadScreening.Columns(reads);
        int columns = reads.Provenance.Columns;
        ImmutableArray<int> tiles = Tiles.Of(reads);
        var maps = ImmutableArray.CreateBuilder<ColumnMap>();
        var figures = ImmutableArray.CreateBuilder<NamedFigure>();
        var warnings = ImmutableArray.CreateBuilder<string>();
        var space = ImmutableArray.CreateBuilder<AveragingRow>();
        foreach (string point in Points.Where(point => reads.Series.Any(series => series.Description.Point == point)))
        {
            ColumnVariance[] variances = [.. Variances(reads, point, excluded)];
            ColumnStudy study = ColumnStudy.Of(variances, settings.Confidence);
            maps.Add(ColumnMap.Of($"sigma.{point}", columns, tiles, [.. study.Columns.Select(column => (column.Tile, column.Column, column.Sigma))]));
            double mean = study.Columns.Average(column => column.Sigma.Value);
            double dof = variances.Sum(v => v.Dof);
            figures.Add(new($"column.{point}", new Estimate(mean, ChiSquareInterval.ForStandardDeviation(mean * mean, dof, settings.Confidence),
                "dot product", (long)dof, settings.Confidence)));
            figures.Add(new($"column-spread.{point}", new Estimate(0, new Interval(0, study.SpreadLimit), "1", variances.Length, settings.Confidence),
                !study.Homogeneous));
            if (!study.Homogeneous && study.Homogeneity is { } test)
            {
                warnings.Add($"{point}: columns differ in noise, probability {test.Probability:G2} of equal ones (limit {ColumnStudy.HomogeneityLevel}); "
                    + $"sigma between columns varies by up to {study.SpreadLimit:P1}: read the map before placing a layer");
            }

            // Without drive only a supply is common, which moves all columns alike; at full drive what is common acts through the weights.
            bool alternating = point != "dark";
            SpaceAveraging averaging = SpaceAveraging.Of(reads, point, alternating, settings.Confidence);
            SpaceAveragingPoint widest = averaging.Points[^1];
            figures.Add(new($"keff{widest.K}-space.{point}", widest.Effective));
            double share = CommonModeStudy.Of(reads, point, alternating, settings.Confidence).Share.Value;
            space.AddRange(averaging.Points.Select(row => new AveragingRow(
                point, row.K, row.Variance, averaging.Points[0].Variance.Value * (share + (1 - share) / row.K), row.Effective)));
            if (averaging.NeighboursShare)
            {
                warnings.Add($"{point}: columns next to each other share noise that columns apart do not (limit {SpaceAveraging.NeighbourLevel} over all K): "
                    + "copies in space placed apart are worth more than neighbours");
            }
        }

        CommonModeStudy common = CommonModeStudy.Of(reads, "full", confidence: settings.Confidence);
        figures.Add(new("common-mode.share", common.Share, common.Present));
        return new RoutineResult(Name, figures.ToImmutable(), maps.ToImmutable(), excluded, warnings.ToImmutable())
        {
            Averaging = space.ToImmutable(),
        };
    }

    public override async Task<RoutineCheck> CheckAsync(RoutineReads reads, RoutineResult result, CancellationToken cancellationToken)
    {
        await reads.AcquireAsync([.. Points.Select(point => new PlannedSeries(Corner.Of(reads.Device, point), reads.Tiles, CheckVectors))], CheckVectors,
            cancellationToken).ConfigureAwait(false);
        ArchivedReads held = reads.Held();
        var probabilities = new List<(ColumnPlace, double)>();
        foreach (string point in Points)
        {
            ColumnMap before = result.Maps.Single(map => map.Name == $"sigma.{point}");
            foreach (ColumnVariance now in Variances(held, point, ReadScreening.Columns(held)))
            {
                int i = before.IndexOf(new(now.Tile, now.Column));
                if (i >= 0 && before.Value[i] > 0)
                {
                    double below = FisherSnedecor.CDF(now.Dof, Math.Max(1, before.Reads[i] - 1), now.Variance / ((double)before.Value[i] * before.Value[i]));
                    probabilities.Add((new(now.Tile, now.Column), 2 * Math.Min(below, 1 - below)));
                }
            }
        }

        return ColumnCheck.Of("sigma", probabilities);
    }

    private static IEnumerable<ColumnVariance> Variances(ArchivedReads reads, string point, ImmutableArray<ExcludedColumn> excluded)
    {
        foreach (((int tile, int column), List<CallMean> calls) in ColumnCalls.Of(reads.Series.Single(series => series.Description.Point == point),
            ColumnCalls.Excluded(excluded)))
        {
            (_, _, double squares, long dof) = ColumnCalls.Pooled(calls);
            double gain = reads.Correction.Gain[tile][column];
            if (squares > 0)
            {
                yield return new ColumnVariance(tile, column, squares / dof / (gain * gain), dof);
            }
        }
    }

    /// <summary>Fewest reads at which the expected half-width of a column's interval is at most that asked for; a call's mean costs one read in
    /// 256.</summary>
    private static int Vectors(double halfWidth)
    {
        int n = 4;
        while (ChiSquareInterval.ForStandardDeviation(1, n - 1).HalfWidth > halfWidth)
        {
            n += Math.Max(1, n / 64);
        }

        return n + n / 256 + 1;
    }
}
