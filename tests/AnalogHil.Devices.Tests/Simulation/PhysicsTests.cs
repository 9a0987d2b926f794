using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Simulation;
using Xunit.Abstractions;

namespace AnalogHil.Devices.Tests.Simulation;

/// <summary>
/// The ensemble variance of the reads against the declared truth. Every comparison is at 5 standard errors of a pooled variance
/// (Gaussian reads): false alarm 6e-7 each, below 5e-5 for the class.
/// </summary>
public sealed class PhysicsTests(ITestOutputHelper output)
{
    private const int Columns = 32;
    private const int Vectors = 2048;

    public static TheoryData<DeviceArchitecture, int, double, double> Corners()
    {
        var data = new TheoryData<DeviceArchitecture, int, double, double>();
        foreach (DeviceArchitecture architecture in Enum.GetValues<DeviceArchitecture>())
        {
            data.Add(architecture, 64, 0, 1);
            data.Add(architecture, 64, 1, 0);
            data.Add(architecture, 64, 1, 1);
            data.Add(architecture, 40, 0.5, 0.7);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Corners))]
    public async Task Execute_AtCorner_HasTrueVariance(DeviceArchitecture architecture, int rows, double input, double weight)
    {
        await using SimulatedDevice device = await MeasuredAsync(
            SimulatedBench.Physics(architecture), rows, input, weight, repeats: 1, copies: 1, output);
    }

    [Theory]
    [InlineData(DeviceArchitecture.Crossbar, 0.4, 8, 1)]
    [InlineData(DeviceArchitecture.BroadcastAndWeight, 0.4, 8, 1)]
    [InlineData(DeviceArchitecture.Homodyne, 0, 8, 1)]
    [InlineData(DeviceArchitecture.Crossbar, 0.4, 2, 3)]
    [InlineData(DeviceArchitecture.Homodyne, 0, 1, 4)]
    [InlineData(DeviceArchitecture.BroadcastAndWeight, 0.4, 3, 2)]
    public async Task Execute_Repeated_AveragesAllButTheFloor(DeviceArchitecture architecture, double slow, int repeats, int copies)
    {
        await using SimulatedDevice device = await MeasuredAsync(
            SimulatedBench.Physics(architecture, slow), 64, 0.8, 0.6, repeats, copies, output);
    }

    [Fact]
    public async Task Execute_SecondExecution_HasFreshSlowNoise()
    {
        const ulong seed = 5;
        var physics = new CrossbarPhysics { ReadNoiseMicrosiemens = 2, SlowFraction = 1 };
        BlockProgram block = SimulatedBench.Block(0, 64, Columns, (_, _) => 0);
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(SimulatedBench.Options(physics, seed), block);
        (float[] first, _) = await SimulatedBench.DriveAsync(device, block, 512, _ => 1);
        (float[] second, _) = await SimulatedBench.DriveAsync(device, block, 512, _ => 1);

        // Independent draws: the correlation of 16384 pairs has standard error 1 / 128.
        double correlation = first.Zip(second, (a, b) => (double)a * b).Sum()
            / Math.Sqrt(first.Sum(a => (double)a * a) * second.Sum(b => (double)b * b));
        output.WriteLine($"seed {seed}, correlation {correlation}");
        Assert.InRange(correlation, -5 / 128.0, 5 / 128.0);
    }

    [Fact]
    public async Task Execute_DarkHomodyneColumnOrVector_HasReceiverNoiseOnly()
    {
        const ulong seed = 6;
        var physics = new HomodynePhysics { PhotonsPerMac = 0.5, ReceiverNoiseMillivolts = 0 };
        BlockProgram block = SimulatedBench.Block(0, 64, 2, (_, column) => column);
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(SimulatedBench.Options(physics, seed), block);
        (float[] dark, _) = await SimulatedBench.DriveAsync(device, block, 100, _ => 0);
        (float[] lit, _) = await SimulatedBench.DriveAsync(device, block, 100, _ => 1);
        Assert.All(dark, value => Assert.Equal(0, value));
        Assert.All(lit.Where((_, i) => i % 2 == 0), value => Assert.Equal(0, value));
        Assert.Contains(lit.Where((_, i) => i % 2 == 1), value => value != 64);
    }

    [Fact]
    public async Task Program_WithProgrammingError_KeepsItAndDrawsItPerCopy()
    {
        const ulong seed = 7;
        var physics = new CrossbarPhysics { ProgrammingErrorMicrosiemens = 1 };
        BlockProgram block = SimulatedBench.Block(0, 64, Columns, (_, _) => 0.5f);
        BlockProgram again = SimulatedBench.Block(1, 64, Columns, (_, _) => 0.5f, new Placement(1, 0, 0));
        await using SimulatedDevice device = await SimulatedBench.ArmedAsync(SimulatedBench.Options(physics, seed), block, again);
        (float[] first, _) = await SimulatedBench.DriveAsync(device, block, 1, _ => 1);
        (float[] same, _) = await SimulatedBench.DriveAsync(device, block, 1, _ => 1);
        (float[] other, _) = await SimulatedBench.DriveAsync(device, again, 1, _ => 1);
        Assert.Equal(first, same);
        Assert.NotEqual(first, other);

        // 64 cells of sqrt(2) / 25 each: 0.4525 rms over 64 columns; a variance of 64 normals has relative standard error sqrt(2 / 64).
        double ratio = first.Concat(other).Average(y => (y - 32.0) * (y - 32.0)) / (64 * 2.0 / 625);
        output.WriteLine($"seed {seed}, variance ratio {ratio}");
        Assert.InRange(ratio, 1 - 4.5 * Math.Sqrt(2 / 64.0), 1 + 5 * Math.Sqrt(2 / 64.0));
    }

    private static async Task<SimulatedDevice> MeasuredAsync(
        TilePhysics physics, int rows, double input, double weight, int repeats, int copies, ITestOutputHelper output)
    {
        const ulong seed = 11;
        Placement[] placements = [.. Enumerable.Range(0, copies).Select(copy => new Placement(copy, 0, 0))];
        BlockProgram block = SimulatedBench.Block(0, rows, Columns, (row, _) => row % 2 == 0 ? (float)weight : -(float)weight, placements);
        SimulatedDevice device = await SimulatedBench.ArmedAsync(SimulatedBench.Options(physics, seed), block);
        await SimulatedBench.RepeatAsync(device, 0, repeats);
        (float[] outputs, _) = await SimulatedBench.DriveAsync(device, block, Vectors, _ => (float)input);

        (double variance, double floor) = SimulatedBench.Expected(
            device, Enumerable.Repeat(weight, rows), Enumerable.Repeat(input, rows));
        double expected = ((variance - floor) / repeats + floor) / copies;
        double measured = SimulatedBench.PooledVariance(outputs, Columns);
        double error = expected * Math.Sqrt(2.0 / (Columns * (Vectors - 1)));
        output.WriteLine($"seed {seed}: measured {measured}, expected {expected} +- {error}");
        Assert.InRange(measured, expected - 5 * error, expected + 5 * error);
        return device;
    }
}
