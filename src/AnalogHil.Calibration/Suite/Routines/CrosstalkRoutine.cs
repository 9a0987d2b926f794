using System.Collections.Immutable;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Refit;
using AnalogHil.Calibration.Statics;

namespace AnalogHil.Calibration.Suite.Routines;

/// <summary>What setting a cell does to its neighbours, by distance; on one tile.</summary>
internal sealed class CrosstalkRoutine : SuiteRoutine
{
    public override string Name => "crosstalk";

    public override ImmutableArray<string> DependsOn => ["line"];

    public override double Validity => 30;

    public override double Share => 3;

    public override Task<ImmutableArray<string>> AcquireAsync(RoutineReads reads, CancellationToken cancellationToken) =>
        reads.AcquireAsync(CrosstalkStudy.Plan(reads.Device.Capabilities, [reads.Tiles[0]], vectors: 8), 8, cancellationToken);

    public override RoutineResult Fit(ArchivedReads reads, FitSettings settings)
    {
        CrosstalkStudy study = CrosstalkStudy.Of(reads, confidence: settings.Confidence);
        return new RoutineResult(
            Name, [.. study.Distances.Select(distance => new NamedFigure($"crosstalk.{distance.Distance:+0;-0}", distance.Share, distance.Significant))],
                [], ReadScreening.Columns(reads), []);
    }
}
