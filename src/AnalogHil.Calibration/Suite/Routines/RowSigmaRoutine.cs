using System.Collections.Immutable;
using AnalogHil.Calibration.Acquisition;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Refit;
using AnalogHil.Core.Statistics;
using AnalogHil.Devices.Contract;
using MathNet.Numerics.Distributions;

namespace AnalogHil.Calibration.Suite.Routines;

/// <summary>
/// Noise that each group of rows adds: one group driven at a time under full weights, its variance less that without drive, pooled over the columns of a
/// tile.
/// </summary>
internal sealed class RowSigmaRoutine : SuiteRoutine
{
    /// <summary>Name of the map; its columns are groups of rows.</summary>
    public const string Map = "sigma.rows";

    private const string Prefix = "rows-";
    private const int MostGroups = 16;
    private const int Vectors = 64;

    public override string Name => "row-sigma";

    public override ImmutableArray<string> DependsOn => ["line"];

    public override double Share => 2;

    public override Task<ImmutableArray<string>> AcquireAsync(RoutineReads reads, CancellationToken cancellationToken)
    {
        ProbePattern full = Corner.Of(reads.Device, "full");
        DeviceCapabilities device = reads.Device.Capabilities;
        int groups = Math.Min(MostGroups, device.Rows);
        return reads.AcquireAsync(
            [
                .. Enumerable.Range(-1, groups + 1).Select(group =>
                {
                    float[] inputs = new float[device.Rows];
                    inputs.AsSpan(group < 0 ? 0 : First(group), group < 0 ? 0 : First(group + 1) - First(group)).Fill(1);
                    double driven = inputs.Sum();
                    return new PlannedSeries(
                        full with { Name = group < 0 ? $"{Prefix}none" : $"{Prefix}{group:D3}", Inputs = inputs,
                            Conditions = full.Conditions with { InputSquares = driven, InputMagnitudes = driven } },
                        reads.Tiles,
                        Vectors) { KeepsWeights = true };
                }),
            ],
            Vectors,
            cancellationToken);

        int First(int group) => (int)((long)group * device.Rows / groups);
    }

    public override RoutineResult Fit(ArchivedReads reads, FitSettings settings)
    {
        ImmutableArray<ExcludedColumn> excluded = ReadScreening.Columns(reads);
        HashSet<(int Tile, int Column)> left = ColumnCalls.Excluded(excluded);
        Dictionary<int, (double Variance, double Dof)> none = Pooled(reads, reads[$"{Prefix}none"], left);
        ArchivedSeries[] groups = [.. reads.Series.Where(series => series.Description.Point.StartsWith(Prefix,
            StringComparison.Ordinal) && !series.Description.Point.EndsWith("none", StringComparison.Ordinal)).OrderBy(series => series.Description.Point,
                StringComparer.Ordinal)];
        double z = Normal.InvCDF(0, 1, 0.5 * (1 + settings.Confidence));
        var figures = new List<(int Tile, int Column, Estimate Figure)>();
        for (int group = 0; group < groups.Length; group++)
        {
            foreach ((int tile, (double variance, double dof)) in Pooled(reads, groups[group], left))
            {
                (double dark, double darkDof) = none[tile];
                double own = variance - dark;
                double half = z * Math.Sqrt(2 * variance * variance / dof + 2 * dark * dark / darkDof);
                figures.Add((tile, group, new Estimate(Root(own), new Interval(Root(own - half), Root(own + half)), "dot product", (long)dof,
                    settings.Confidence)));
            }
        }

        return new RoutineResult(Name, [], [ColumnMap.Of(Map, groups.Length, Tiles.Of(reads), figures)], excluded, []);

        static double Root(double value) => Math.Sqrt(Math.Max(0, value));
    }

    private static Dictionary<int, (double Variance, double Dof)> Pooled(ArchivedReads reads, ArchivedSeries series, HashSet<(int Tile, int Column)> left)
    {
        var sums = new Dictionary<int, (double Squares, double Dof)>();
        foreach (((int tile, int column), List<CallMean> calls) in ColumnCalls.Of(series, left))
        {
            (_, _, double squares, long dof) = ColumnCalls.Pooled(calls);
            double gain = reads.Correction.Gain[tile][column];
            (double before, double dofBefore) = sums.GetValueOrDefault(tile);
            sums[tile] = (before + squares / (gain * gain), dofBefore + dof);
        }

        return sums.ToDictionary(pair => pair.Key, pair => (pair.Value.Squares / pair.Value.Dof, pair.Value.Dof));
    }
}
