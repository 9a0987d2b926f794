using System.Collections.Immutable;
using AnalogHil.Calibration.Acquisition;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Suite;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Mapping;

namespace AnalogHil.Calibration.Averaging;

/// <summary>Measures on an armed device what repeats are worth, on a few of its tiles.</summary>
public static class AveragingMeasurement
{
    /// <summary>More tiles tell little more about K.</summary>
    public const int MostTiles = 4;

    /// <summary>Acquires and certifies.</summary>
    /// <param name="device">Opened and armed; programmed weights are replaced.</param>
    /// <param name="tiles">Tiles to choose from.</param>
    /// <param name="correction">Gains of the columns.</param>
    /// <param name="largest">Largest K wanted, at least 4.</param>
    /// <param name="progress">Takes the share done; may be null.</param>
    /// <param name="clock">Host clock.</param>
    /// <param name="cancellationToken">Honoured before every call.</param>
    /// <exception cref="CalibrationException">The device offers fewer than 4 repeats in time, or no column can be judged.</exception>
    /// <exception cref="DeviceException">A device call failed, or the device contradicts itself.</exception>
    public static async Task<DeviceAveraging> RunAsync(
        IAnalogDevice device, ImmutableArray<int> tiles, ReadoutCorrection correction, int largest, Action<double>? progress, TimeProvider clock,
            CancellationToken cancellationToken)
    {
        ImmutableArray<PlannedSeries> plan = AveragingAcquisition.Plan(device.Capabilities, Some(tiles), largest);
        var archive = new RecordingArchive(await ArchiveProvenance.OfAsync(device, "averaging", clock, cancellationToken).ConfigureAwait(false));
        archive.Keep(correction);
        double all = plan.Sum(series => (double)series.VectorsPerTile * series.Tiles.Length);
        double done = 0;
        var counted = new CountingArchive(archive, vectors => progress?.Invoke((done += vectors) / all));
        await new Acquirer(device, new AcquisitionOptions { VectorsPerCall = AveragingAcquisition.VectorsPerCall }, counted).RunAsync(plan, null,
            cancellationToken).ConfigureAwait(false);
        try
        {
            return DeviceAveraging.Of(archive.Reads(), [.. device.Capabilities.PossibleNoise.Select(MixTerms.Of)]);
        }
        catch (ArgumentException unusable)
        {
            throw new CalibrationException(CalibrationFault.DeadColumn, $"averaging cannot be judged: {unusable.Message}", unusable);
        }
    }

    /// <summary>At most <see cref="MostTiles"/> of them, evenly spread.</summary>
    public static ImmutableArray<int> Some(ImmutableArray<int> tiles) =>
        tiles.Length <= MostTiles ? tiles : [.. Enumerable.Range(0, MostTiles).Select(i => tiles[i * tiles.Length / MostTiles])];
}
