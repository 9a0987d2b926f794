using System.Collections.Immutable;
using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Mapping;
using AnalogHil.Precision.Push;
using AnalogHil.Precision.Tests.Fakes;

namespace AnalogHil.Precision.Tests.Push;

public class PlanPusherTests
{
    private static readonly SumNetwork Network = SumNetwork.Random(12, 6, 1, 1f, 2f);
    private static readonly NetworkOnDevice OnDevice =
        NetworkOnDevice.Create(Network, FakeDevice.Caps(), Network.ObserveRanges(new float[12], 1));

    [Fact]
    public async Task PushAsync_OnAnHonestDevice_IsInForce()
    {
        await using var device = new FakeDevice();
        PushRecord record = await PlanPusher.PushAsync(device, OnDevice, Plan(3, 9), default);
        RedundancySettings active = await device.ReadBackAsync(SettingsBank.Active, default);
        Assert.Equal(active.Hash(), record.Hash);
        Assert.Equal(RedundancySettings.Unrepeated.Hash(), record.PreviousHash);
        Assert.Equal(OnDevice.Programs.Length, record.Blocks);
        Assert.All(active.Blocks, block => Assert.Equal(OnDevice.LayerOf(block.Block) == "fc0" ? 3 : 9, block.Repeats.Single()));
    }

    [Fact]
    public async Task PushAsync_StagedBankDiffers_CommitsNothingAndNamesTheLayer()
    {
        int wrong = OnDevice.Map.Layers[1].Blocks[0].Block;
        await using var device = new FakeDevice { Lie = (bank, settings) => bank == SettingsBank.Staged ? Change(settings, wrong, 7) : settings };
        var error = await Assert.ThrowsAsync<PrecisionException>(async () => await PlanPusher.PushAsync(device, OnDevice, Plan(3, 9), default));
        Assert.Equal(PrecisionFault.PushMismatch, error.Fault);
        Assert.Contains($"layer fc1, block {wrong}: K = 7 was read back where K = 9 was told", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("commit", device.Log);
        Assert.Equal(RedundancySettings.Unrepeated.Hash(), (await device.ReadTelemetryAsync(default)).ActiveHash);
    }

    [Fact]
    public async Task PushAsync_CommittedBankDiffers_RollsBackToThePlanBefore()
    {
        bool lie = false;
        int wrong = OnDevice.Map.Layers[0].Blocks[1].Block;
        await using var device = new FakeDevice
        {
            Lie = (bank, settings) => lie && bank == SettingsBank.Active && settings.Blocks[0].Repeats[0] == 5 ? Change(settings, wrong, 1) : settings,
        };
        PushRecord first = await PlanPusher.PushAsync(device, OnDevice, Plan(3, 9), default);
        lie = true;
        var error = await Assert.ThrowsAsync<PrecisionException>(async () => await PlanPusher.PushAsync(device, OnDevice, Plan(5, 9), default));
        Assert.Contains("layer fc0", error.Message, StringComparison.Ordinal);
        Assert.Contains("The settings before the push are in force", error.Message, StringComparison.Ordinal);
        Assert.Equal(first.Hash, (await device.ReadTelemetryAsync(default)).ActiveHash);
    }

    [Fact]
    public async Task PushAsync_BlockMissing_NamesIt()
    {
        await using var device = new FakeDevice
        {
            Lie = (bank, settings) => bank == SettingsBank.Staged ? new RedundancySettings([.. settings.Blocks.Skip(1)]) : settings,
        };
        var error = await Assert.ThrowsAsync<PrecisionException>(async () => await PlanPusher.PushAsync(device, OnDevice, Plan(3, 9), default));
        Assert.Contains("missing where K = 3 was told", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PushAsync_ReadBackAfterTheCommitFails_RollsBackAndKeepsTheFirstError()
    {
        await using var device = new FakeDevice();
        PushRecord first = await PlanPusher.PushAsync(device, OnDevice, Plan(3, 9), default);
        device.Log.Clear();
        device.Before = (fake, call) =>
        {
            if (fake.Log.Contains("commit") && call == "read back Active")
            {
                throw new DeviceException(DeviceFault.Timeout, "no answer in 5 s");
            }
        };
        var error = await Assert.ThrowsAsync<DeviceException>(async () => await PlanPusher.PushAsync(device, OnDevice, Plan(5, 9), default));
        Assert.Equal(DeviceFault.Timeout, error.Fault);
        Assert.Contains("no answer in 5 s", error.Message, StringComparison.Ordinal);
        Assert.Contains("The settings before the push are in force", error.Message, StringComparison.Ordinal);
        Assert.Equal(first.Hash, (await device.ReadTelemetryAsync(default)).ActiveHash);
    }

    [Fact]
    public async Task PushAsync_CommitRefused_NamesTheLayerAndKeepsThePlanBefore()
    {
        int wrong = OnDevice.Map.Layers[1].Blocks[0].Block;
        bool changed = false;
        await using var device = new FakeDevice { Lie = (bank, settings) => changed && bank == SettingsBank.Staged ? Change(settings, wrong, 7) : settings };
        PushRecord first = await PlanPusher.PushAsync(device, OnDevice, Plan(2, 2), default);
        PushRecord second = await PlanPusher.PushAsync(device, OnDevice, Plan(3, 9), default);
        device.Before = (_, call) =>
        {
            if (call == "commit")
            {
                changed = true;
                throw new DeviceException(DeviceFault.Contradiction, "staged settings have another hash");
            }
        };
        var error = await Assert.ThrowsAsync<PrecisionException>(async () => await PlanPusher.PushAsync(device, OnDevice, Plan(5, 9), default));
        Assert.Contains($"layer fc1, block {wrong}: K = 7 was read back where K = 9 was told", error.Message, StringComparison.Ordinal);
        Assert.Contains("staged settings have another hash", error.Message, StringComparison.Ordinal);
        Assert.NotEqual(first.Hash, second.Hash);
        Assert.Equal(second.Hash, (await device.ReadTelemetryAsync(default)).ActiveHash);
        Assert.DoesNotContain("rollback", device.Log);
    }

    private static PrecisionPlan Plan(int first, int second) =>
        new PlanLayout(Network.AnalogNodes, Granularity.Layer, RedundancyMode.ReadAndAverage).ToPlan([first, second]);

    private static RedundancySettings Change(RedundancySettings settings, int block, int repeats) => new(
        [.. settings.Blocks.Select(each => each.Block == block ? each with { Repeats = ImmutableArray.Create(repeats) } : each)]);
}
