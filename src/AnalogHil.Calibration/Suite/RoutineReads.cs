using System.Collections.Immutable;
using AnalogHil.Calibration.Acquisition;
using AnalogHil.Calibration.Archive;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Calibration.Suite;

/// <summary>What a routine reads with.</summary>
/// <param name="Device">Opened and armed.</param>
/// <param name="Archive">Where reads go.</param>
/// <param name="Held">Everything the archive holds.</param>
/// <param name="There">Vectors of a series on a tile that the archive holds.</param>
/// <param name="Tiles">Tiles to read.</param>
/// <param name="Options">Targets.</param>
/// <param name="Results">Results of the routines before.</param>
/// <param name="Wait">Lets time of the device pass.</param>
/// <param name="Progress">Takes the share of the routine that is done.</param>
internal sealed record RoutineReads(
    IAnalogDevice Device,
    IDescribedReadArchive Archive,
    Func<ArchivedReads> Held,
    Func<string, int, int> There,
    ImmutableArray<int> Tiles,
    SuiteOptions Options,
    IReadOnlyDictionary<string, RoutineResult> Results,
    Func<TimeSpan, CancellationToken, Task> Wait,
    Action<double> Progress)
{
    /// <summary>Makes the planned reads that are not there yet.</summary>
    public async Task<ImmutableArray<string>> AcquireAsync(
        IReadOnlyList<PlannedSeries> plan, int vectorsPerCall, CancellationToken cancellationToken)
    {
        double all = Math.Max(1, plan.Sum(series => (double)series.VectorsPerTile * series.Tiles.Length));
        double done = plan.Sum(series => series.Tiles.Sum(tile => (double)Math.Min(series.VectorsPerTile, There(series.Name, tile))));
        var counted = new CountingArchive(Archive, vectors => Progress(Math.Min(1, (done += vectors) / all)));
        var acquirer = new Acquirer(Device, new AcquisitionOptions { VectorsPerCall = vectorsPerCall }, counted);
        IReadOnlyList<TileFault> faults = await acquirer.RunAsync(plan, There, cancellationToken).ConfigureAwait(false);
        return [.. faults.Select(fault => $"tile {fault.Tile}, {fault.Series}: {fault.VectorsMissing} vectors are missing: {fault.Reason}")];
    }
}
