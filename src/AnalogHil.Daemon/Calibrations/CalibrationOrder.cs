using AnalogHil.Calibration.Suite;

namespace AnalogHil.Daemon.Calibrations;

/// <summary>What a calibration is asked to do. Paths are absolute.</summary>
/// <param name="BenchFile">Bench file.</param>
/// <param name="OutputDirectory">Folder of reads, results and report.</param>
/// <param name="Options">Routines and targets.</param>
/// <param name="Seed">Seed of the noise of a simulated device; hardware brings its own.</param>
/// <param name="By">Who asks.</param>
public sealed record CalibrationOrder(string BenchFile, string OutputDirectory, SuiteOptions Options, ulong Seed, string By)
{
    /// <summary>Fencing epoch of the lease under which the device is driven; 0: without a lease.</summary>
    public long Epoch { get; init; }
}
