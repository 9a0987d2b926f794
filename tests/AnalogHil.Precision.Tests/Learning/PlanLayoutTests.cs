using AnalogHil.Core.Plans;
using AnalogHil.Engine;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Mapping;
using AnalogHil.Precision.Tests.Fakes;

namespace AnalogHil.Precision.Tests.Learning;

public class PlanLayoutTests
{
    private static readonly SumNetwork Network = SumNetwork.Random(12, 6, 1, 1f, 2f);

    [Fact]
    public void Cost_OfALayerWhoseSignsAreSplit_CountsBothPasses()
    {
        // Unsigned device; only the first layer's inputs go below 0.
        NetworkOnDevice network = NetworkOnDevice.Create(Network, FakeDevice.Caps(), [new InputRange(-1, 1), new InputRange(0, 1)]);
        var layout = new PlanLayout(network, Granularity.Channel, RedundancyMode.ReadAndAverage);
        Assert.All(layout.Cost[..6], cost => Assert.Equal(24, cost));
        Assert.All(layout.Cost[6..], cost => Assert.Equal(12, cost));

        // Energy is relative to K = 1 everywhere (2 + 1 reads), the mean repeats are per MAC.
        PrecisionPlan plan = new PlanLayout(network, Granularity.Layer, RedundancyMode.ReadAndAverage).ToPlan([4, 1]);
        Assert.Equal((2 * 4 + 1) / 3.0, plan.RelativeEnergy, 1e-12);
        Assert.Equal(2.5, plan.MeanRepeatsPerMac, 1e-12);
    }

    [Fact]
    public void RelativeEnergy_WithOnePassEverywhere_IsTheMeanRepeatsPerMac()
    {
        PrecisionPlan plan = new PlanLayout(Scenes.OnDevice(Network), Granularity.Layer, RedundancyMode.ReadAndAverage).ToPlan([4, 1]);
        Assert.Equal(plan.MeanRepeatsPerMac, plan.RelativeEnergy);
    }
}
