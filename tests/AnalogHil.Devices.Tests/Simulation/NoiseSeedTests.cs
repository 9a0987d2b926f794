using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Simulation;

namespace AnalogHil.Devices.Tests.Simulation;

public sealed class NoiseSeedTests
{
    private static readonly BlockProgram Block = SimulatedBench.Block(0, 4, 4, (_, _) => 0.5f);

    [Fact]
    public async Task Execute_SameIndividualOtherNoiseSeed_SameStaticErrorsOtherReads()
    {
        SimulatedDeviceOptions options = SimulatedBench.Options(
            new CrossbarPhysics { ReceiverNoiseNanoamperes = 3500 }, 5) with { GainSpread = 0.01, OffsetSpread = 0.1 };
        await using SimulatedDevice first = await SimulatedBench.ArmedAsync(options with { NoiseSeed = 1 }, Block);
        await using SimulatedDevice again = await SimulatedBench.ArmedAsync(options with { NoiseSeed = 1 }, Block);
        await using SimulatedDevice other = await SimulatedBench.ArmedAsync(options with { NoiseSeed = 2 }, Block);
        DeviceIdentity identity = await first.IdentifyAsync(default);

        float[] reads = (await SimulatedBench.DriveAsync(first, Block, 32, _ => 1)).Outputs;

        Assert.Equal(reads, (await SimulatedBench.DriveAsync(again, Block, 32, _ => 1)).Outputs);
        float[] others = (await SimulatedBench.DriveAsync(other, Block, 32, _ => 1)).Outputs;
        Assert.All(reads.Zip(others), pair => Assert.NotEqual(pair.First, pair.Second));
        Assert.Equal(first.Truth.Gain, other.Truth.Gain);
        Assert.Equal(first.Truth.Offset, other.Truth.Offset);
        Assert.Equal(identity.Uid, (await other.IdentifyAsync(default)).Uid);
        Assert.NotEqual(identity.BootId, (await other.IdentifyAsync(default)).BootId);
    }

    [Fact]
    public async Task Program_SameIndividualOtherNoiseSeed_SameProgrammingErrors()
    {
        SimulatedDeviceOptions options = SimulatedBench.Options(new CrossbarPhysics { ProgrammingErrorMicrosiemens = 1, ReceiverNoiseNanoamperes = 0, ReadNoiseMicrosiemens = 0 }, 5);
        await using SimulatedDevice first = await SimulatedBench.ArmedAsync(options with { NoiseSeed = 1 }, Block);
        await using SimulatedDevice other = await SimulatedBench.ArmedAsync(options with { NoiseSeed = 2 }, Block);

        float[] reads = (await SimulatedBench.DriveAsync(first, Block, 1, _ => 1)).Outputs;

        Assert.Equal(reads, (await SimulatedBench.DriveAsync(other, Block, 1, _ => 1)).Outputs);
        Assert.All(reads, value => Assert.NotEqual(2, value));
    }
}
