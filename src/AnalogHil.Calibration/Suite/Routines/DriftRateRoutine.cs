using System.Collections.Immutable;
using AnalogHil.Calibration.Acquisition;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Drift;
using AnalogHil.Calibration.Refit;

namespace AnalogHil.Calibration.Suite.Routines;

/// <summary>How fast the offsets of each tile move.</summary>
internal sealed class DriftRateRoutine : SuiteRoutine
{
    private const int Calls = 12;

    public override string Name => "drift-rate";

    public override ImmutableArray<string> DependsOn => ["dark"];

    public override double Share => 1;

    public override Task<ImmutableArray<string>> AcquireAsync(RoutineReads reads, CancellationToken cancellationToken) =>
        TimedCalls.AcquireAsync(reads, new PlannedSeries(Corner.Of(reads.Device, "dark"), reads.Tiles, 32),
            now => [.. Enumerable.Range(0, Calls).Select(i => now + reads.Options.WatchFor.TotalSeconds * i / (Calls - 1))], cancellationToken);

    public override RoutineResult Fit(ArchivedReads reads, FitSettings settings)
    {
        DriftStudy study = DriftStudy.Of(reads, "dark", alternating: false, confidence: settings.Confidence);
        return new RoutineResult(
            Name, [.. study.Tiles.Select(tile => new NamedFigure($"drift.tile{tile.Tile}", tile.Rate, tile.Present))], [], ReadScreening.Columns(reads), []);
    }
}
