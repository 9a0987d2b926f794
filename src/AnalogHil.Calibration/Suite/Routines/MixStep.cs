using System.Collections.Immutable;
using AnalogHil.Calibration.Acquisition;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Estimation;
using AnalogHil.Calibration.Graph;
using AnalogHil.Calibration.Mix;
using AnalogHil.Calibration.Refit;
using AnalogHil.Calibration.Routines;
using MathNet.Numerics.Distributions;

namespace AnalogHil.Calibration.Suite.Routines;

/// <summary>Sigma of every noise term, pooled over the tiles: <see cref="MixRoutine"/> within the suite.</summary>
internal sealed class MixStep : SuiteRoutine
{
    private const int CheckVectors = 17;
    private const double CheckLevel = 0.01;
    private const int Looks = 8;

    public override string Name => "mix";

    public override ImmutableArray<string> DependsOn => ["line"];

    public override double Share => 3;

    public override bool HasCheck => true;

    public override async Task<ImmutableArray<string>> AcquireAsync(RoutineReads reads, CancellationToken cancellationToken)
    {
        var options = new MixRoutineOptions { RelativeHalfWidth = reads.Options.RelativeHalfWidth };
        double read = 0;
        var counted = new CountingArchive(reads.Archive, vectors =>
        {
            // How many looks it takes is not known beforehand: an approach to 1 that slows down.
            read += vectors;
            reads.Progress(1 - 1 / (1 + read / (16.0 * reads.Tiles.Length * options.PilotVectors)));
        });
        MixRoutineResult result = await new MixRoutine(reads.Device, options, counted, reads.Held, reads.There)
            .RunAsync([.. reads.Device.Capabilities.PossibleNoise.Select(MixTerms.Of)], reads.Tiles, cancellationToken).ConfigureAwait(false);
        return
        [
            .. result.Faults.Select(fault => $"tile {fault.Tile}, {fault.Series}: {fault.VectorsMissing} vectors are missing: {fault.Reason}"),
            .. result.Reached ? (string[])[] : [$"intervals are wider than {reads.Options.RelativeHalfWidth:P0} after {options.MostVectors} vectors a tile "
                + "and point"],
        ];
    }

    public override RoutineResult Fit(ArchivedReads reads, FitSettings settings)
    {
        RefitResult fit = Refitted(reads, settings);
        return new RoutineResult(
            Name, [.. fit.Mix.Terms.Select(term => new NamedFigure($"sigma.{term.Term}", term.Sigma, term.Present))], [], fit.Excluded, fit.Warnings)
        {
            Design =
            [
                .. fit.Points.Zip(fit.Mix.Residuals, (point, residual) => new DesignRow(
                    residual.Point,
                    point.Observation.Conditions.InputSquares,
                    point.Observation.Conditions.WeightSquares,
                    point.Observation.Conditions.Product,
                    point.Observation.Variance,
                    point.Observation.Converter,
                    point.Observation.Dof,
                    point.Observation.Reads,
                    residual.Fitted,
                    residual.Score)),
            ],
            Looks = [.. Enumerable.Range(1, Looks).SelectMany(look => LooksOf(reads, Math.Pow(2, look - Looks), settings))],
        };
    }

    public override async Task<RoutineCheck> CheckAsync(RoutineReads reads, RoutineResult result, CancellationToken cancellationToken)
    {
        string[] points = [.. result.Design.Select(row => row.Point)];
        await reads.AcquireAsync([.. points.Select(point => new PlannedSeries(Corner.Of(reads.Device, point), reads.Tiles, CheckVectors))], CheckVectors,
            cancellationToken).ConfigureAwait(false);
        ArchivedReads held = reads.Held();
        HashSet<(int Tile, int Column)> left = ColumnCalls.Excluded(ReadScreening.Columns(held));
        double[] probabilities =
        [
            .. result.Design.Select(row =>
            {
                PointStudy now = PointFit.Of(held[row.Point], held, left, new RefitOptions())
                    ?? throw new CalibrationException(CalibrationFault.DeadColumn,
                        $"{row.Point}: no column can be used; mend the columns that the screening names");
                double below = FisherSnedecor.CDF(now.Observation.Dof, row.Dof,
                    (now.Observation.Variance - now.Observation.Converter) / (row.Variance - row.Converter));
                return 2 * Math.Min(below, 1 - below);
            }),
        ];
        double smallest = HolmProcedure.Adjust(probabilities).Min();
        return new(smallest > CheckLevel, [],
            $"variances at {points.Length} design points against those of the calibration: smallest probability {smallest:G2}, limit {CheckLevel}");
    }

    private static RefitResult Refitted(ArchivedReads reads, FitSettings settings) => ArchiveRefit.Fit(
        reads,
        settings.Terms,
        new RefitOptions { Estimator = settings.Estimator, Mix = new MixFitOptions { Confidence = 1 - (1 - settings.Confidence) / MixRoutine.Correction } });

    private static IEnumerable<LookRow> LooksOf(ArchivedReads reads, double share, FitSettings settings)
    {
        ArchivedReads first = share == 1 ? reads : ArchivePrefix.Of(reads, share);
        RefitResult fit;
        try
        {
            fit = Refitted(first, settings);
        }
        catch (CalibrationException)
        {
            // So few reads cannot be judged yet; the whole archive was.
            yield break;
        }

        long n = fit.Points.Sum(point => point.Observation.Reads);
        foreach (MixTermFit term in fit.Mix.Terms)
        {
            yield return new LookRow(n, term.Term.ToString(), term.Sigma.Value, term.Sigma.Interval.Low, term.Sigma.Interval.High);
        }
    }
}
