using System.Collections.Immutable;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Design;
using AnalogHil.Calibration.Reading;
using AnalogHil.Devices.Mapping;

namespace AnalogHil.Calibration.Phases;

/// <summary>
/// Finds the strongest drive whose noise still fits the output converter: a clipped spread is too small. The product is 0 at every design point,
/// so that what has to fit is noise, offset and static weight errors.
/// </summary>
internal sealed class DrivePhase(ProbeReader reader, CalibrationOptions options, ImmutableArray<int> tiles, ReadoutCorrection correction)
{
    // At 4 standard deviations 6 reads in 100 000 are clipped, which takes 0.01 % off the variance.
    private const double Room = 4;
    private static readonly ImmutableArray<double> Drives = [1, 0.75, 0.5, 0.35, 0.25, 0.18, 0.125];

    /// <summary>The design with that drive, in the order of <see cref="ProbeDesign.Choose"/>; the weakest drive when none fits, for the reads that follow to
    /// refuse.</summary>
    public async Task<ImmutableArray<DesignPoint>> ChooseAsync(CancellationToken cancellationToken)
    {
        ImmutableArray<DesignPoint> points = [];
        foreach (double drive in Drives)
        {
            points = ProbeDesign.Choose(reader.Capabilities, drive);
            var pilot = new PointReader(reader, options with { MaxSaturatedShare = 1 }, points, tiles, correction, new DiscardingArchive());
            SpreadSum[] spreads = [.. points.Select(_ => new SpreadSum())];
            (long reads, long saturated) = (reader.Reads, reader.SaturatedReads);
            await pilot.ReadAsync(static (_, _) => "", [.. points.Select(_ => Math.Max(2, pilot.CallsForAllTiles))], [1], (i, _, _) => spreads[i],
                static _ => { }, cancellationToken)
                .ConfigureAwait(false);
            (reads, saturated) = (reader.Reads - reads, reader.SaturatedReads - saturated);
            if (!SaturationLimit.Exceeded(reads, saturated, options.MaxSaturatedShare)
                && Room * Math.Sqrt(spreads.Max(spread => spread.Variance)) <= reader.Capabilities.AdcFullScale)
            {
                return points;
            }
        }

        return points;
    }
}
