using System.Collections.Immutable;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Refit;
using AnalogHil.Calibration.Statics;

namespace AnalogHil.Calibration.Suite.Routines;

/// <summary>Spread of the cells about their targets, apart from read noise; on one tile.</summary>
internal sealed class FixedPatternRoutine : SuiteRoutine
{
    private const string Sweep = "pattern";

    public override string Name => "fixed-pattern";

    public override ImmutableArray<string> DependsOn => ["line"];

    public override double Validity => 7;

    public override double Share => 2;

    public override Task<ImmutableArray<string>> AcquireAsync(RoutineReads reads, CancellationToken cancellationToken) => reads.AcquireAsync(
        HadamardSweep.Plan(reads.Device.Capabilities, Sweep, HadamardSweep.Checkerboard(reads.Device.Capabilities), [reads.Tiles[0]], 8), 8,
            cancellationToken);

    public override RoutineResult Fit(ArchivedReads reads, FitSettings settings)
    {
        int columns = reads.Provenance.Columns;
        float[] targets = new float[reads.Provenance.FullScale.TileRows * columns];
        for (int i = 0; i < targets.Length; i++)
        {
            targets[i] = (i / columns + i % columns) % 2 == 0 ? settings.PatternWeight : -settings.PatternWeight;
        }

        FixedPatternStudy study = FixedPatternStudy.Of(reads, Sweep, targets, settings.Confidence);
        return new RoutineResult(Name, [new("pattern.sigma", study.Pattern, study.Pattern.Interval.Low > 0)], [], ReadScreening.Columns(reads), []);
    }
}
