using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;
using AnalogHil.Engine;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Tests.Fakes;

namespace AnalogHil.Precision.Tests.Noise;

public class NoiseModelTests
{
    private static readonly SumNetwork Network = SumNetwork.Random(12, 6, 1, 1f, 2f);

    [Fact]
    public void At_WhiteNoise_HasNoSeparateSlopeAndFallsWithK()
    {
        var model = new NoiseModel(Scenes.Scales(Network), Scenes.Profile(0.02));
        NodeNoise[] one = model.At(model.Ones());
        NodeNoise[] four = model.At(new PlanLayout(Network.AnalogNodes, Granularity.Channel, RedundancyMode.ReadAndAverage).Uniform(4));
        Assert.Null(one[0].EnergySlope);
        Assert.All(one.Zip(four), pair => Assert.All(
            pair.First.Variance.Constant.Zip(pair.Second.Variance.Constant), v => Assert.Equal(v.First / 4, v.Second, 1e-6f)));
    }

    [Fact]
    public void AveragingPartOfOneRead_WithAFloor_LeavesTheFloorOutAtAnyOperatingPoint()
    {
        var model = new NoiseModel(Scenes.Scales(Network), Scenes.Profile(0.02, floor: 0.25));
        NodeNoise[] one = model.At(model.Ones());
        ElementVariance[] part = model.AveragingPartOfOneRead([[7.5], [1, 2, 3, 4, 5, 6]]);
        Assert.NotNull(one[0].EnergySlope);
        Assert.All(one.Zip(part), pair => Assert.All(
            pair.First.Variance.Constant.Zip(pair.Second.Constant), v => Assert.Equal(0.75f * v.First, v.Second, 1e-6f * v.First)));
    }

    [Fact]
    public void At_APlanOfAnotherNetwork_SaysSo()
    {
        var model = new NoiseModel(Scenes.Scales(Network), Scenes.Profile(0.02));
        Assert.Equal(PrecisionFault.PlanDoesNotFit, Assert.Throws<PrecisionException>(() => model.At([[1]])).Fault);
    }

    [Fact]
    public void Measure_OfKnownNoise_GivesEquationSeven()
    {
        // 2000 images x 6 channels: the variance is known to 2 % (95 %), the bits to 0.02; band of five standard errors. Seed 4.
        var model = new NoiseModel(Scenes.Scales(Network), Scenes.Profile(0.02));
        NodeNoise[] noise = model.At(model.Ones());
        float[] images = Pictures.For(Network, 2000, 2).Pixels;
        LayerNoiseBits[] bits = NoiseBitsMeter.Measure(Network, noise, images, 2000, 4);
        double variance = noise[1].Variance.Constant.Average();
        Assert.Equal(Math.Sqrt(variance), bits[1].StandardDeviation, 0.04 * Math.Sqrt(variance));
        Assert.Equal(Math.Log2(bits[1].Range / Math.Sqrt(12 * variance) + 1), bits[1].Bits, 0.06);
        Assert.InRange(bits[1].Range, 10, 1000);
    }
}
