using AnalogHil.Core.Plans;
using AnalogHil.Engine;
using AnalogHil.Precision.Allocation;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Tests.Fakes;

namespace AnalogHil.Precision.Tests.Allocation;

public sealed class ModeNoiseTests
{
    private const double Step = 0.05;
    private static readonly SumNetwork Network = SumNetwork.Random(12, 6, 1, 1f, 0.5f, 2f);
    private static readonly NoiseModel Measured = new(
        Scenes.Scales(Network),
        Scenes.Profile(0.02, floor: 0.2) with { FullScale = FakeDevice.Caps().FullScale with { QuantiserStep = Step } });

    [Fact]
    public void At_ReadAndAverage_IsTheMeasuredNoise()
    {
        double[][] repeats = [[1], [3], [16]];
        var modes = new ModeNoise(Measured, RedundancyMode.ReadAndAverage, Same(RedundancyMode.ReadAndAverage));
        foreach ((NodeNoise ours, NodeNoise measured) in modes.At(repeats).Zip(Measured.At(repeats)))
        {
            Assert.Equal(measured.Variance.Constant, ours.Variance.Constant);
        }
    }

    [Fact]
    public void At_SpatialCopies_TakesTheFloorDownToo()
    {
        var copies = new ModeNoise(Measured, RedundancyMode.ReadAndAverage, Same(RedundancyMode.SpatialCopies));
        float one = copies.At(Repeats(1))[0].Variance.Constant[0];
        Assert.Equal(one, Measured.At(Repeats(1))[0].Variance.Constant[0], 1e-6f);
        Assert.Equal(1.0 / 16, copies.At(Repeats(16))[0].Variance.Constant[0] / one, 1e-5);
        Assert.True(Measured.At(Repeats(16))[0].Variance.Constant[0] / one > 0.2 * 0.9, "the floor of repeats in time is there");
    }

    [Fact]
    public void At_AccumulateThenRead_KeepsTheRoundingOfTheOneConversion()
    {
        var once = new ModeNoise(Measured, RedundancyMode.ReadAndAverage, Same(RedundancyMode.AccumulateThenRead));
        double rounding = Measured.At(Repeats(1))[0].Variance.Constant[0] - NoRounding().At(Repeats(1))[0].Variance.Constant[0];
        Assert.Equal(Measured.At(Repeats(1))[0].Variance.Constant[0], once.At(Repeats(1))[0].Variance.Constant[0], 1e-6f);
        Assert.Equal(
            NoRounding().At(Repeats(64))[0].Variance.Constant[0] + rounding,
            once.At(Repeats(64))[0].Variance.Constant[0],
            1e-5 * rounding);
    }

    [Fact]
    public void At_AccumulateThenReadMeasuredInThat_IsTheMeasuredNoise()
    {
        // The floor of the thermal law holds the one conversion then.
        var once = new ModeNoise(Measured, RedundancyMode.AccumulateThenRead, Same(RedundancyMode.AccumulateThenRead));
        foreach (double k in (double[])[1, 3, 64])
        {
            Assert.Equal(Measured.At(Repeats(k))[0].Variance.Constant, once.At(Repeats(k))[0].Variance.Constant);
        }
    }

    [Fact]
    public void At_ALayerWithItsOwnMode_LeavesTheOthersAlone()
    {
        var mixed = new ModeNoise(Measured, RedundancyMode.ReadAndAverage, [RedundancyMode.ReadAndAverage, RedundancyMode.SpatialCopies, RedundancyMode.ReadAndAverage]);
        NodeNoise[] measured = Measured.At(Repeats(8));
        NodeNoise[] ours = mixed.At(Repeats(8));
        Assert.Equal(measured[0].Variance.Constant, ours[0].Variance.Constant);
        Assert.Equal(measured[2].Variance.Constant, ours[2].Variance.Constant);
        Assert.True(ours[1].Variance.Constant[0] < 0.6 * measured[1].Variance.Constant[0]);
    }

    [Fact]
    public void At_EnergiesOfAnotherNetwork_AreRefused() =>
        Assert.Contains("3 analog products", Assert.Throws<PrecisionException>(() => new ModeNoise(Measured, RedundancyMode.ReadAndAverage, Same(RedundancyMode.ReadAndAverage)).At([[1]])).Message, StringComparison.Ordinal);

    private static NoiseModel NoRounding() => new(Measured.Scales, Measured.Profile with { FullScale = Measured.Profile.FullScale with { QuantiserStep = 0 } });

    private static RedundancyMode[] Same(RedundancyMode mode) => [mode, mode, mode];

    private static double[][] Repeats(double k) => [[k], [k], [k]];
}
