using System.Diagnostics;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Simulation;
using AnalogHil.Devices.Simulation.Cells;
using Xunit.Abstractions;

namespace AnalogHil.Devices.Tests.Simulation.Cells;

/// <summary>A million conversions of a 64 x 64 tile with everything switched on; prints the rate once the code is warm, judges only that all reads came.</summary>
[Trait("Category", "Long")]
public sealed class CellRateTests(ITestOutputHelper output)
{
    public static TheoryData<string> Devices() => ["crossbar white", "crossbar all", "homodyne", "homodyne jitter", "rings"];

    [Theory]
    [MemberData(nameof(Devices))]
    public async Task Execute_AMillionReads_IsFeasible(string name)
    {
        CellPhysics physics = name switch
        {
            "crossbar white" => new CrossbarCells { Lumped = new() { ReadNoiseMicrosiemens = 1, ReceiverNoiseNanoamperes = 300 } },
            "crossbar all" => new CrossbarCells
            {
                Lumped = new() { ReadNoiseMicrosiemens = 1, ReceiverNoiseNanoamperes = 300 }, FlickerShare = 0.5, FlickerFastMicroseconds = 2, FlickerSlowMicroseconds = 2e4,
                TrapShare = 0.1, TrapMicrosiemens = 1, AdcInl = 0.002, WireOhms = 0.1, DriftExponent = 0.05, DriftExponentSpread = 0.01, InputNoise = 0.001, ReadoutNoise = 0.01,
            },
            "homodyne" => new HomodyneCells { PhaseWander = 0.02, RelativeIntensityNoise = 1e-3, PhaseError = 0.02 },
            "homodyne jitter" => new HomodyneCells { PhaseJitter = 0.05 },
            _ => new RingCells { Lumped = new() { ChannelNanowatts = 8, RingJitter = 0.018 }, Detuning = 0.01, RelativeIntensityNoise = 1e-3 },
        };
        SimulatedDeviceOptions options = CellBench.Options(physics, 99) with { Columns = 64, AdcBits = 8, AdcFullScale = 16 };
        BlockProgram block = SimulatedBench.Block(0, 64, 64, (row, column) => (row + column) % 2 == 0 ? 0.3f : -0.3f);
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(options, block);
        await SimulatedBench.RepeatAsync(device, 0, 16);
        await DriveAsync(device, block);
        long start = Stopwatch.GetTimestamp();
        TimeSpan busy = Environment.CpuUsage.TotalTime;
        long reads = await DriveAsync(device, block);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        output.WriteLine($"{name}: {reads} conversions, {reads / 64} tile reads in {seconds:F2} s: {seconds / reads * 64 * 1e6:F2} us a tile read of 4096 cells, {(Environment.CpuUsage.TotalTime - busy).TotalMicroseconds / reads * 64:F2} us of processor time when run alone");
        Assert.True(reads >= 1_000_000);
    }

    private static async Task<long> DriveAsync(SimulatedDevice device, BlockProgram block)
    {
        long reads = 0;
        while (reads < 1_000_000)
        {
            reads += (await SimulatedBench.DriveAsync(device, block, 128, _ => 0.5f)).Reply.Reads;
        }

        return reads;
    }
}
