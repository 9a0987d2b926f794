using System.Collections.Immutable;
using AnalogHil.Calibration.Acquisition;
using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Calibration.Averaging;

/// <summary>Reads behind an averaging certificate: K = 1, 2, 4 ... without drive and at full inputs and weights.</summary>
public static class AveragingAcquisition
{
    /// <summary>Design point with every noise term in it.</summary>
    public const string Driven = "full";

    /// <summary>Vectors in a call: the run that slow noise is told by.</summary>
    public const int VectorsPerCall = 32;

    // Enough calls for pairs and whole runs, and that tiles or columns are few.
    private const int FewestCalls = 4;
    private const int Samples = 16384;

    /// <summary>How a device makes repeats in time: each read converted where it offers that.</summary>
    public static RedundancyMode ModeOf(DeviceCapabilities device) =>
        device.MaxRepeats.ContainsKey(RedundancyMode.ReadAndAverage) ? RedundancyMode.ReadAndAverage : RedundancyMode.AccumulateThenRead;

    /// <summary>The reads.</summary>
    /// <param name="device">Geometry and largest K.</param>
    /// <param name="tiles">Tiles.</param>
    /// <param name="largest">Largest K wanted, at least 4; not above the device's.</param>
    /// <exception cref="CalibrationException">The device offers fewer than 4 repeats in time.</exception>
    public static ImmutableArray<PlannedSeries> Plan(DeviceCapabilities device, ImmutableArray<int> tiles, int largest)
    {
        RedundancyMode mode = ModeOf(device);
        int most = Math.Min(largest, device.MaxRepeats.GetValueOrDefault(mode));
        if (most < 4)
        {
            throw new CalibrationException(CalibrationFault.Unsupported, $"the device offers K up to {most} in time; averaging is certified from K = 4 on");
        }

        int[] repeats = [.. Enumerable.Range(0, 31).Select(i => 1 << i).TakeWhile(k => k <= most)];
        int calls = Math.Max(FewestCalls, (int)Math.Ceiling(Samples / (double)(VectorsPerCall * device.Columns * tiles.Length)));
        return
        [
            .. ProbePattern.Corners(device).Where(pattern => pattern.Name is "dark" or Driven).SelectMany(pattern =>
                repeats.Select(k => new PlannedSeries(pattern, tiles, calls * VectorsPerCall, k, mode))),
        ];
    }
}
