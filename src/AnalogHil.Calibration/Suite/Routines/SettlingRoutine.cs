using System.Collections.Immutable;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Refit;
using AnalogHil.Calibration.Transients;
using AnalogHil.Core.Statistics;

namespace AnalogHil.Calibration.Suite.Routines;

/// <summary>Whether the first reads of a call still follow the drive before; on one tile.</summary>
internal sealed class SettlingRoutine : SuiteRoutine
{
    private const int Pairs = 24;
    private const int Vectors = 32;

    public override string Name => "settling";

    public override ImmutableArray<string> DependsOn => ["dark"];

    public override double Validity => 30;

    public override double Share => 0.5;

    public override Task<ImmutableArray<string>> AcquireAsync(RoutineReads reads, CancellationToken cancellationToken)
    {
        int vectors = Math.Min(Vectors, reads.Device.Capabilities.MaxVectors);
        return reads.AcquireAsync(SettlingStudy.Plan(reads.Device.Capabilities, reads.Tiles[0], Pairs, vectors), vectors, cancellationToken);
    }

    public override RoutineResult Fit(ArchivedReads reads, FitSettings settings)
    {
        // A tenth of sigma left over costs 1 % of the variance.
        double tolerance = 0.1 * ReadSpread.Of(reads);
        SettlingStudy study = SettlingStudy.Of(reads, settings.ReadSeconds, tolerance, settings.Confidence);
        long n = reads.Series.Sum(series => (long)series.Reads.Length);
        TransientFit fit = study.Fit;
        ImmutableArray<NamedFigure> figures = fit.Present
            ? [new("settling.time-constant", fit.TimeConstant!, true), new("settling.after-first-read", fit.Settled!, true)]
            : [new("settling.left-over", new Estimate(0, new Interval(0, fit.Limit), "dot product", n, settings.Confidence), false)];
        return new RoutineResult(
            Name, figures, [], ReadScreening.Columns(reads),
            fit.Present && fit.Settled!.Value > 0
                ? [$"reads follow the drive before them until {fit.Settled.Value:G3} s after the first valid read (declared settling time "
                    + $"{settings.SettlingSeconds:G3} s): declare a longer one, or leave out the first reads of a call"]
                : []);
    }
}
