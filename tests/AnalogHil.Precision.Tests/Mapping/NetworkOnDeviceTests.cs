using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;
using AnalogHil.Engine;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Mapping;
using AnalogHil.Precision.Tests.Fakes;

namespace AnalogHil.Precision.Tests.Mapping;

public class NetworkOnDeviceTests
{
    private static readonly SumNetwork Network = SumNetwork.Random(12, 6, 1, 1f, 2f);

    [Theory]
    [InlineData(false, -1f, 2)]
    [InlineData(false, 0f, 1)]
    [InlineData(true, -1f, 1)]
    public void Create_ByInputSigns_ChoosesPasses(bool signedInputs, float low, int passes)
    {
        NetworkOnDevice network = Scenes.OnDevice(Network, FakeDevice.Caps(signedInputs), low, 0.5f);
        Assert.All(network.Scales, scale => Assert.Equal(passes, scale.Passes));
        Assert.All(network.Scales, scale => Assert.Equal(low < 0 ? 1 : 0.5, scale.InputFullScale));
    }

    [Fact]
    public void Create_WithADeadChannel_ProgramsZeros()
    {
        float[] weights = new float[24];
        weights[3] = -2;
        NetworkOnDevice network = Scenes.OnDevice(new SumNetwork(12, weights));
        Assert.Equal([2f, 0f], network.Scales[0].WeightFullScale);
        Assert.All(network.Programs, program => Assert.All(program.Weights.ToArray(), g => Assert.True(g is 0 or -1)));
    }

    [Fact]
    public void SettingsOf_AChannelPlan_FollowsTheChannelsIntoTheirBlocks()
    {
        NetworkOnDevice network = Scenes.OnDevice(Network);
        var layout = new PlanLayout(Network.AnalogNodes, Granularity.Channel, RedundancyMode.ReadAndAverage);
        RedundancySettings settings = network.SettingsOf(layout.ToPlan([.. Enumerable.Range(1, 12)]));
        foreach (BlockRedundancy block in settings.Blocks)
        {
            int layer = network.LayerOf(block.Block) == "fc0" ? 0 : 1;
            var mapped = network.Map.Layers[layer].Blocks.Single(each => each.Block == block.Block);
            Assert.Equal(Enumerable.Range(1 + 6 * layer + mapped.FirstChannel, mapped.Columns), block.Repeats);
        }
    }

    [Fact]
    public void SettingsOf_PlansThatDoNotFit_SayWhy()
    {
        Check(new PlanLayout(Network.AnalogNodes, Granularity.Layer, RedundancyMode.ReadAndAverage).Uniform(65), FakeDevice.Caps(), "outside 1 .. 64");
        Check(new PlanLayout(Network.AnalogNodes, Granularity.Layer, RedundancyMode.AccumulateThenRead).Uniform(2), FakeDevice.Caps(), "does not offer");
        Check(
            new PlanLayout(Network.AnalogNodes, Granularity.Channel, RedundancyMode.ReadAndAverage).ToPlan([.. Enumerable.Range(1, 12)]),
            FakeDevice.Caps(perColumn: false), "learn K per layer");
        Check(
            new PlanLayout(SumNetwork.Random(12, 6, 1, 1f).AnalogNodes, Granularity.Layer, RedundancyMode.ReadAndAverage).Uniform(2),
            FakeDevice.Caps(), "1 layers");

        static void Check(PrecisionPlan plan, DeviceCapabilities capabilities, string reason)
        {
            var error = Assert.Throws<PrecisionException>(() => Scenes.OnDevice(Network, capabilities).SettingsOf(plan));
            Assert.Equal(PrecisionFault.PlanDoesNotFit, error.Fault);
            Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Create_ForCopiesInSpace_MapsThemAndNeedsNoSettings()
    {
        PrecisionPlan plan = new PlanLayout(Network.AnalogNodes, Granularity.Layer, RedundancyMode.SpatialCopies).ToPlan([1, 3]);
        InputRange[] ranges = [new(0, 1), new(0, 1)];
        NetworkOnDevice network = NetworkOnDevice.Create(Network, FakeDevice.Caps(), ranges, plan);
        Assert.All(network.Map.Layers[1].Blocks, block => Assert.Equal(3, block.Copies.Length));
        Assert.Empty(network.SettingsOf(plan).Blocks);
        Assert.Throws<PrecisionException>(() => NetworkOnDevice.Create(Network, FakeDevice.Caps(), ranges).SettingsOf(plan));
    }
}
