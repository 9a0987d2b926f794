using AnalogHil.Calibration.Acquisition;
using AnalogHil.Calibration.Archive;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Simulation;
using AnalogHil.Devices.Simulation.Cells;

namespace AnalogHil.Calibration.Tests.Fakes;

/// <summary>Small simulated devices and their archives.</summary>
internal static class Cells
{
    public static async Task<SimulatedDevice> OpenAsync(TilePhysics physics, int seed, int rows = 32, int columns = 16, Func<SimulatedDeviceOptions, SimulatedDeviceOptions>? change = null)
    {
        var options = new SimulatedDeviceOptions
        {
            Physics = physics, Seed = (ulong)seed, Rows = rows, Columns = columns, Tiles = 1, DacBits = 8, AdcBits = 12, AdcFullScale = 48, OffsetSpread = 0.3, GainSpread = 0.02, Threads = 1, ReadTimeNanoseconds = 100,
        };
        var device = new SimulatedDevice(change is null ? options : change(options));
        await device.ArmAsync(1, default);
        return device;
    }

    public static async Task<RecordingArchive> RecordingAsync(IAnalogDevice device) => new(await ArchiveProvenance.OfAsync(device, "test", TimeProvider.System, default));

    public static async Task<ArchivedReads> ReadAsync(IAnalogDevice device, IReadOnlyList<PlannedSeries> plan, int vectorsPerCall = 256)
    {
        RecordingArchive archive = await RecordingAsync(device);
        Assert.Empty(await new Acquirer(device, new AcquisitionOptions { VectorsPerCall = vectorsPerCall }, archive).RunAsync(plan, null, default));
        return archive.Reads();
    }

    public static ProbePattern Corner(IAnalogDevice device, string name) => ProbePattern.Corners(device.Capabilities).Single(corner => corner.Name == name);

    /// <summary>A crossbar with 60 % of its weight noise in a 1/f spectrum from 0.05 to 200 us.</summary>
    /// <param name="readNoise">Microsiemens.</param>
    public static CrossbarCells Flicker(double readNoise) => new()
    {
        Lumped = new() { ReadNoiseMicrosiemens = readNoise, ReceiverNoiseNanoamperes = 1500 },
        FlickerShare = 0.6,
        FlickerFastMicroseconds = 0.05,
        FlickerSlowMicroseconds = 200,
    };
}
