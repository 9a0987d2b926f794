using System.Collections.Immutable;
using AnalogHil.Calibration.Acquisition;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Graph;
using AnalogHil.Calibration.Statics;
using AnalogHil.Core.Statistics;
using MathNet.Numerics.Distributions;

namespace AnalogHil.Calibration.Suite.Routines;

/// <summary>Offset and dark noise of every column.</summary>
internal sealed class DarkRoutine : SuiteRoutine
{
    private const int Vectors = 256;
    private const int CheckVectors = 64;

    public override string Name => "dark";

    public override double Share => 1;

    public override bool HasCheck => true;

    public override bool ByColumn => true;

    public override Task<ImmutableArray<string>> AcquireAsync(RoutineReads reads, CancellationToken cancellationToken) =>
        reads.AcquireAsync([new PlannedSeries(Corner.Of(reads.Device, Name), reads.Tiles, Vectors)], 64, cancellationToken);

    public override RoutineResult Fit(ArchivedReads reads, FitSettings settings)
    {
        DarkStudy study = DarkStudy.Of(reads, Name, settings.Confidence);
        int columns = reads.Provenance.Columns;
        ImmutableArray<int> tiles = Tiles.Of(reads);
        double variance = study.Columns.Average(column => column.Sigma.Value * column.Sigma.Value);
        double dof = study.Columns.Sum(column => (double)column.Sigma.N - 1);
        long n = study.Columns.Sum(column => column.Sigma.N);
        return new RoutineResult(
            Name,
            [new("dark.sigma", new Estimate(Math.Sqrt(variance), ChiSquareInterval.ForStandardDeviation(variance, dof, settings.Confidence), "dot product",
                n, settings.Confidence))],
            [
                ColumnMap.Of("offset", columns, tiles, [.. study.Columns.Select(column => (column.Tile, column.Column, column.Offset))]),
                ColumnMap.Of("noise.dark", columns, tiles, [.. study.Columns.Select(column => (column.Tile, column.Column, column.Sigma))]),
            ],
            study.Excluded,
            study.Moving.IsEmpty
                ? []
                : [$"the offset of {study.Moving.Length} columns moves from call to call (first: "
                    + $"tile {study.Moving[0].Tile} column {study.Moving[0].Column}): drift, warm-up or slow noise; let the device settle, "
                    + "measure the drift rate"]);
    }

    public override async Task<RoutineCheck> CheckAsync(RoutineReads reads, RoutineResult result, CancellationToken cancellationToken)
    {
        await reads.AcquireAsync([new PlannedSeries(Corner.Of(reads.Device, Name), reads.Tiles, CheckVectors)], CheckVectors,
            cancellationToken).ConfigureAwait(false);
        DarkStudy now = DarkStudy.Of(reads.Held(), Name);
        ColumnMap before = result.Maps.Single(map => map.Name == "offset");
        double z = Normal.InvCDF(0, 1, 0.5 * (1 + before.Level));
        return ColumnCheck.Of(
            "offset",
            now.Columns.Select(column => (new ColumnPlace(column.Tile, column.Column),
                column.Offset)).Where(pair => before.IndexOf(pair.Item1) is >= 0 and var i && double.IsFinite(before.Value[i]))
                .Select(pair =>
                {
                    int i = before.IndexOf(pair.Item1);
                    double error = Math.Sqrt(Math.Pow(pair.Offset.Interval.HalfWidth / z, 2) + Math.Pow(0.5 * (before.High[i] - before.Low[i]) / z, 2));
                    return (pair.Item1, 2 * Normal.CDF(0, 1, -Math.Abs(pair.Offset.Value - before.Value[i]) / error));
                }));
    }
}
