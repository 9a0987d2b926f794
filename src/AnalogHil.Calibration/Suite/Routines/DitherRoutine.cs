using System.Collections.Immutable;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Quantised;
using AnalogHil.Calibration.Refit;

namespace AnalogHil.Calibration.Suite.Routines;

/// <summary>Whether noise reaches over the converter's steps; on one tile.</summary>
internal sealed class DitherRoutine : SuiteRoutine
{
    public override string Name => "dither";

    public override ImmutableArray<string> DependsOn => ["line"];

    public override double Share => 0.5;

    public override Task<ImmutableArray<string>> AcquireAsync(RoutineReads reads, CancellationToken cancellationToken) =>
        reads.AcquireAsync(DitherStudy.Plan(reads.Device.Capabilities, [reads.Tiles[0]]), 128, cancellationToken);

    public override RoutineResult Fit(ArchivedReads reads, FitSettings settings)
    {
        DitherStudy study = DitherStudy.Of(reads, settings.Confidence);
        return new RoutineResult(
            Name,
            [new("dither.sigma", study.Sigma.Sigma), new("dither.bias", study.Bias)],
            [],
            [.. ReadScreening.Columns(reads).Where(column => column.Reason != ExclusionReason.Stuck)],
            study.DeadZone is { } reason ? [reason] : study.Dither > 0
                ? [$"dither of {study.Dither:G3} dot-product units rms makes repeats average the converter's step out"] : []);
    }
}
