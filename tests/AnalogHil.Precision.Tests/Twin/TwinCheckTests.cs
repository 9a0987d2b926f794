using AnalogHil.Core.Plans;
using AnalogHil.Devices.Mapping;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Mapping;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Push;
using AnalogHil.Precision.Routes;
using AnalogHil.Precision.Tests.Fakes;
using AnalogHil.Precision.Twin;
using Xunit.Abstractions;

namespace AnalogHil.Precision.Tests.Twin;

public class TwinCheckTests(ITestOutputHelper output)
{
    private static readonly SumNetwork Network = SumNetwork.Random(12, 6, 1, 1f, 2f);
    private static readonly LabelledImages Images = Pictures.For(Network, 4000, 3);

    [Theory]
    [InlineData(1.0, true)]
    [InlineData(0.9, false)]
    [InlineData(1.1, false)]
    public async Task RunAsync_ByTheDevicesTrueNoise_AgreesOrNot(double relative, bool agrees)
    {
        // Relative noise of 0.9 and 1.1 is a variance ratio of 0.81 and 1.21, 6 standard errors outside; at 1.0 an interval of +-0.03 has its
        // ends within +-0.1 unless the estimate is 4.6 standard errors off: false-alarm rate 1e-5 for both layers. Seed 1.
        TwinResult result = await Check(relative, offset: 0);
        foreach (TwinLayer layer in result.Layers)
        {
            output.WriteLine($"{layer.Layer}: {layer.VarianceRatio:0.000} ({layer.Interval.Low:0.000} .. {layer.Interval.High:0.000}), bias {layer.BiasOverNoise:0.00}, {layer.Images} images");
            Assert.True(layer.Interval.HalfWidth <= 0.03);
            Assert.Equal(relative * relative, layer.VarianceRatio, 0.07);
            Assert.InRange(layer.Images, 64, 4000);
        }

        Assert.Equal(agrees, result.Agrees);
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public async Task RunAsync_WithAnInputConverter_LeavesItsRoundingOutOfTheNoise()
    {
        // The model is told of input steps that alone would double its variance; repeats of one input do not show them on either side.
        TwinResult result = await Check(1.0, offset: 0, inputStep: 0.2);
        Assert.All(result.Layers, layer => Assert.Equal(1, layer.VarianceRatio, 0.07));
        Assert.True(result.Agrees);
    }

    [Fact]
    public async Task RunAsync_WithAStaticError_ReportsItBesideTheNoise()
    {
        // Each of two row blocks adds the same uncorrected offset; noise of one read is 0.02 * 8 rows' worth, and K = 4.
        TwinResult result = await Check(1.0, offset: 0.05f);
        double noise = ReadNoise(1) / Math.Sqrt(4) * Math.Sqrt(2);
        Assert.All(result.Layers, layer => Assert.Equal(0.1 / noise, layer.BiasOverNoise, 0.08 / noise));
        Assert.True(result.Agrees);
        Assert.Equal(2, result.Warnings.Length);
        Assert.StartsWith("layer fc0: ", result.Warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public void ToLayer_WithoutNoiseOnEitherSide_Agrees()
    {
        var tally = new LayerTally();
        tally.Add(0, 0, 0, 10);
        tally.Add(0, 0, 0, 10);
        Assert.Equal(1, tally.ToLayer("x", 0).VarianceRatio);
        Assert.True(tally.ToLayer("x", 0).Agrees(new Core.Statistics.Interval(0.9, 1.1)));
        tally.Add(1, 0, 0, 10);
        Assert.False(tally.ToLayer("x", 0).Agrees(new Core.Statistics.Interval(0.9, 1.1)));
    }

    private static async Task<TwinResult> Check(double relative, float offset, double inputStep = 0)
    {
        await using var device = new FakeDevice { ReadNoise = (float)ReadNoise(relative), Offset = offset };
        NetworkOnDevice network = Scenes.OnDevice(Network, device.Capabilities, 0, 6);
        PrecisionPlan plan = new PlanLayout(Network.AnalogNodes, Granularity.Layer, RedundancyMode.ReadAndAverage).Uniform(4);
        await device.ProgramAsync(network.Programs, default);
        await PlanPusher.PushAsync(device, network, plan, default);
        Core.Noise.NoiseProfile profile = Scenes.Profile(0.02);
        var model = new NoiseModel(network.Scales, profile with { FullScale = profile.FullScale with { InputStep = inputStep } });
        var check = new TwinCheck(
            Network, new DeviceRoute(network, device, ReadoutCorrection.None(64, 4)), model, plan, new TwinOptions(), TimeProvider.System);
        return await check.RunAsync(Images, null, default);
    }

    // sigma_t^2 R dW^2 dx^2 with R = 8, dW = 2, dx = 1.
    private static double ReadNoise(double relative) => relative * 0.02 * Math.Sqrt(8) * 2;
}
