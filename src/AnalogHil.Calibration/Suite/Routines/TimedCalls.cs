using System.Collections.Immutable;
using AnalogHil.Calibration.Acquisition;
using AnalogHil.Calibration.Transients;

namespace AnalogHil.Calibration.Suite.Routines;

/// <summary>Calls at given times of the device's clock, for routines that watch it move.</summary>
internal static class TimedCalls
{
    public static async Task<ImmutableArray<string>> AcquireAsync(
        RoutineReads reads, PlannedSeries series, Func<double, IReadOnlyList<double>> times, CancellationToken cancellationToken)
    {
        double now = (await reads.Device.ReadTelemetryAsync(cancellationToken).ConfigureAwait(false)).Uptime.TotalSeconds;
        IReadOnlyList<double> at = times(now);
        int there = reads.There(series.Name, series.Tiles[0]) / series.VectorsPerTile;
        double done = there;
        var counted = new CountingArchive(reads.Archive, _ => reads.Progress(Math.Min(1, ++done / (at.Count * series.Tiles.Length))));
        IReadOnlyList<TileFault> faults = await new TimedAcquisition(reads.Device, counted, reads.Wait).RunAsync(series, [.. at.Skip(there)],
            cancellationToken).ConfigureAwait(false);
        return [.. faults.Select(fault => $"tile {fault.Tile}, {fault.Series}: {fault.VectorsMissing} vectors are missing: {fault.Reason}")];
    }
}
