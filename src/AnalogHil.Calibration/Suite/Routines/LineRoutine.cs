using System.Collections.Immutable;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Graph;
using AnalogHil.Calibration.Refit;
using AnalogHil.Calibration.Statics;
using AnalogHil.Core.Statistics;
using MathNet.Numerics.Distributions;

namespace AnalogHil.Calibration.Suite.Routines;

/// <summary>Gain and integral nonlinearity of every column.</summary>
internal sealed class LineRoutine : SuiteRoutine
{
    private const double LowestGain = 0.5;
    private const double HighestGain = 2;

    public override string Name => "line";

    public override ImmutableArray<string> DependsOn => ["dark"];

    public override double Validity => 7;

    public override double Share => 2;

    public override bool HasCheck => true;

    public override bool ByColumn => true;

    public override Task<ImmutableArray<string>> AcquireAsync(RoutineReads reads, CancellationToken cancellationToken) =>
        reads.AcquireAsync(LineSweep.Plan(reads.Device.Capabilities, reads.Tiles, levels: 9, vectors: 8, passes: 4), 8, cancellationToken);

    public override RoutineResult Fit(ArchivedReads reads, FitSettings settings)
    {
        LineStudy study = LineStudy.Of(reads, settings.Confidence);
        ColumnLine[] follows = [.. study.Columns.Where(column => column.Gain.Value is >= LowestGain and <= HighestGain)];
        ExcludedColumn[] dead =
        [
            .. study.Columns.Except(follows).Select(column => new ExcludedColumn(
                column.Tile, column.Column, ExclusionReason.Unresponsive,
                $"tile {column.Tile} column {column.Column}: gain {column.Gain.Value:G3} is outside [{LowestGain}, {HighestGain}]; "
                    + "the column does not follow its inputs: repair it or map around it")),
        ];
        int columns = reads.Provenance.Columns;
        ImmutableArray<int> tiles = Tiles.Of(reads);
        int bent = follows.Count(column => column.Bent);
        double mean = follows.Average(column => column.Gain.Value);
        double error = Math.Sqrt(follows.Sum(column => Math.Pow(column.Gain.Value - mean, 2)) / Math.Max(1, follows.Length - 1) / follows.Length);
        double half = StudentT.InvCDF(0, 1, Math.Max(1, follows.Length - 1), 0.5 * (1 + settings.Confidence)) * error;
        return new RoutineResult(
            Name,
            [
                new("gain.mean", new Estimate(mean, new Interval(mean - half, mean + half), "1", follows.Length, settings.Confidence)),
                new("nonlinearity.largest", follows.MaxBy(column => column.Nonlinearity.Value)!.Nonlinearity, bent > 0),
            ],
            [
                ColumnMap.Of("gain", columns, tiles, [.. follows.Select(column => (column.Tile, column.Column, column.Gain))]),
                ColumnMap.Of("nonlinearity", columns, tiles, [.. follows.Select(column => (column.Tile, column.Column, column.Nonlinearity))]),
            ],
            [.. study.Excluded, .. dead],
            [.. study.Warnings, .. bent == 0
                ? (string[])[] : [$"{bent} of {follows.Length} columns are not straight (1 % for all together); "
                    + "their products carry a static error that no K removes"]]);
    }

    public override async Task<RoutineCheck> CheckAsync(RoutineReads reads, RoutineResult result, CancellationToken cancellationToken)
    {
        await reads.AcquireAsync(LineSweep.Plan(reads.Device.Capabilities, reads.Tiles, levels: 5, vectors: 16), 16, cancellationToken).ConfigureAwait(false);
        ColumnMap before = result.Maps.Single(map => map.Name == "gain");
        (ColumnPlace Place, double Change)[] changes =
        [
            .. LineStudy.Of(reads.Held()).Columns.Select(column => (Place: new ColumnPlace(column.Tile, column.Column), column.Gain.Value))
                .Where(pair => before.IndexOf(pair.Place) is >= 0 and var i && double.IsFinite(before.Value[i]))
                .Select(pair => (pair.Place, pair.Value - before.Value[before.IndexOf(pair.Place)])),
        ];

        // Every programming draws the cells' errors anew, and how much of the gain they are is not known here: the scatter of the changes says it.
        double[] sorted = [.. changes.Select(change => change.Change).Order()];
        double middle = sorted[sorted.Length / 2];
        double scale = Math.Max(1e-9, 1.4826 * sorted.Select(change => Math.Abs(change - middle)).Order().ElementAt(sorted.Length / 2));
        double shift = middle / (scale * Math.Sqrt(Math.PI / 2 / sorted.Length));
        return Math.Abs(middle) > 0.002 && Math.Abs(shift) > 4
            ? new RoutineCheck(false, [], $"gains of all columns moved by {middle:P2}, {shift:F1} standard errors")
            : ColumnCheck.Of("gain", changes.Select(change => (change.Place, 2 * Normal.CDF(0, 1, -Math.Abs(change.Change - middle) / scale))));
    }
}
