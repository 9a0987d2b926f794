using System.Collections.Immutable;
using AnalogHil.Calibration.Acquisition;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Refit;
using AnalogHil.Calibration.Transients;

namespace AnalogHil.Calibration.Suite.Routines;

/// <summary>Time from power-up to rest of the products of each tile; to be run on a device that was just switched on.</summary>
internal sealed class WarmUpRoutine : SuiteRoutine
{
    public override string Name => "warm-up";

    public override double Validity => 30;

    public override double Share => 1;

    public override Task<ImmutableArray<string>> AcquireAsync(RoutineReads reads, CancellationToken cancellationToken) =>
        TimedCalls.AcquireAsync(reads, new PlannedSeries(Corner.Of(reads.Device, "product"), [reads.Tiles[0]], 32),
            now => WarmUpStudy.Times(Math.Max(now, reads.Options.WatchFor.TotalSeconds / 1000), Math.Max(now,
                reads.Options.WatchFor.TotalSeconds / 1000) + reads.Options.WatchFor.TotalSeconds, 16), cancellationToken);

    public override RoutineResult Fit(ArchivedReads reads, FitSettings settings)
    {
        WarmUpStudy study = WarmUpStudy.Of(reads, "product", 0.1 * ReadSpread.Of(reads), alternating: true, settings.Confidence);
        return new RoutineResult(
            Name,
            [
                .. study.Tiles.Select(tile => tile.Fit.Present
                    ? new NamedFigure($"warm-up.tile{tile.Tile}", tile.Fit.Settled!, true)
                    : new NamedFigure($"warm-up.tile{tile.Tile}", new(0, new(0, 0), "s", 0, settings.Confidence), false)),
            ],
            [],
            ReadScreening.Columns(reads),
            [.. study.Tiles.Where(tile => tile.Fit.Present).Select(tile =>
                $"tile {tile.Tile} was not at rest: its products settle {tile.Fit.Settled!.Value:G3} s after power-up; calibrate after that")]);
    }
}
