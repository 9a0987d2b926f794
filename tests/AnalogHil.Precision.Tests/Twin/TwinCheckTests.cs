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
    public async Task RunAsync_FewOutputsAndImages_GoesThroughThemUntilTheIntervalIsNarrow()
    {
        // 300 images of two outputs: one round leaves +-0.11, so that a faithful model would fail more often than not; +-0.03 takes about 14 rounds. False-alarm rate 1e-5 for
        // each layer, as above. Seed 1.
        TwinResult result = await Check(1.0, offset: 0, network: SumNetwork.Random(12, 2, 1, 1f, 2f), images: 300);
        foreach (TwinLayer layer in result.Layers)
        {
            output.WriteLine($"{layer.Layer}: {layer.VarianceRatio:0.000} ({layer.Interval.Low:0.000} .. {layer.Interval.High:0.000}), {layer.Images} images, {layer.Elements} elements");
            Assert.True(layer.Interval.HalfWidth <= 0.03);
            Assert.Equal(300, layer.Images);
            Assert.InRange(layer.Elements, 8 * 600, 16 * 600);
        }

        Assert.True(result.Agrees);
    }

    [Fact]
    public async Task RunAsync_FewOutputsAndTooLittleNoise_DoesNotAgree() =>
        Assert.False((await Check(0.9, offset: 0, network: SumNetwork.Random(12, 2, 1, 1f, 2f), images: 300)).Agrees);

    [Fact]
    public async Task RunAsync_RoundsSpent_EndsWithTheIntervalThatTheyGave()
    {
        TwinResult result = await Check(1.0, offset: 0, network: SumNetwork.Random(12, 2, 1, 1f, 2f), images: 300, options: new TwinOptions { Rounds = 2 });
        Assert.All(result.Layers, layer => Assert.Equal((300, 2 * 600), (layer.Images, layer.Elements)));
        Assert.All(result.Layers, layer => Assert.InRange(layer.Interval.HalfWidth, 0.06, 0.1));
    }

    [Fact]
    public async Task RunAsync_PlainlyAnotherNoise_EndsAfterOneRound()
    {
        // Four times the variance: the interval of 300 images, +-0.4, is far from the allowed one.
        TwinResult result = await Check(2.0, offset: 0, network: SumNetwork.Random(12, 2, 1, 1f, 2f), images: 300);
        Assert.All(result.Layers, layer => Assert.Equal((300, 600), (layer.Images, layer.Elements)));
        Assert.False(result.Agrees);
    }

    [Fact]
    public async Task RunAsync_FewImages_AreJudgedAfterAllRoundsAndNotWhereTheIntervalHappensToBeNarrow()
    {
        TwinResult result = await Check(1.0, offset: 0, images: 20);
        Assert.All(result.Layers, layer => Assert.Equal((20, 16 * 20 * 6), (layer.Images, layer.Elements)));
    }

    [Fact]
    public async Task RunAsync_NoRounds_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Check(1.0, offset: 0, options: new TwinOptions { Rounds = 0 }));

    [Fact]
    public async Task RunAsync_OverRounds_TellsProgressThatOnlyGrows()
    {
        var told = new List<double>();
        await Check(1.0, offset: 0, network: SumNetwork.Random(12, 2, 1, 1f, 2f), images: 100, told: told);
        Assert.Equal(told.Order(), told);
        Assert.Equal(1, told[^1], 1e-9);
    }

    [Fact]
    public async Task RunAsync_StaticErrorOverRounds_IsTheErrorOfOneVisit()
    {
        TwinResult result = await Check(1.0, offset: 0.05f, network: SumNetwork.Random(12, 2, 1, 1f, 2f), images: 300);
        double noise = ReadNoise(1) / Math.Sqrt(4) * Math.Sqrt(2);
        Assert.All(result.Layers, layer => Assert.Equal(0.1 / noise, layer.BiasOverNoise, 0.08 / noise));
    }

    [Fact]
    public void ToLayer_AnImageThatComesAgain_StaysOneUnit()
    {
        var tally = new LayerTally();
        for (int round = 0; round < 2; round++)
        {
            tally.Add(0, 3, 2, 1, 10);
            tally.Add(1, 1, 2, 1, 10);
        }

        TwinLayer layer = tally.ToLayer("x", 0.5);
        Assert.Equal((2, 40L, 4L), (layer.Images, layer.Elements, tally.Visits));
        Assert.Equal(1, layer.VarianceRatio);

        // Residuals of +-2 over two units, model sum 8: sqrt(2 x 8) / 8 = 0.5, and t of one degree of freedom is 12.71.
        Assert.Equal(12.706 * 0.5, layer.Interval.HalfWidth, 1e-3);

        // Four visits' squared static error, 4, less four times the rounding of one visit, over the noise, 8.
        Assert.Equal(0.25, layer.UnexplainedBias, 1e-12);
    }

    [Fact]
    public void ToLayer_WithoutNoiseOnEitherSide_Agrees()
    {
        var tally = new LayerTally();
        tally.Add(0, 0, 0, 0, 10);
        tally.Add(1, 0, 0, 0, 10);
        Assert.Equal(1, tally.ToLayer("x", 0).VarianceRatio);
        Assert.True(tally.ToLayer("x", 0).Agrees(new Core.Statistics.Interval(0.9, 1.1)));
        tally.Add(2, 1, 0, 0, 10);
        Assert.False(tally.ToLayer("x", 0).Agrees(new Core.Statistics.Interval(0.9, 1.1)));

        Assert.False(tally.MayLieIn(new Core.Statistics.Interval(0.9, 1.1)));
    }

    private static async Task<TwinResult> Check(
        double relative, float offset, double inputStep = 0, SumNetwork? network = null, int? images = null, TwinOptions? options = null,
        List<double>? told = null)
    {
        SumNetwork compared = network ?? Network;
        LabelledImages pictures = images is { } count ? Pictures.For(compared, count, 3) : Images;
        await using var device = new FakeDevice { ReadNoise = (float)ReadNoise(relative), Offset = offset };
        NetworkOnDevice onDevice = Scenes.OnDevice(compared, device.Capabilities, 0, 6);
        PrecisionPlan plan = new PlanLayout(compared.AnalogNodes, Granularity.Layer, RedundancyMode.ReadAndAverage).Uniform(4);
        await device.ProgramAsync(onDevice.Programs, default);
        await PlanPusher.PushAsync(device, onDevice, plan, default);
        Core.Noise.NoiseProfile profile = Scenes.Profile(0.02);
        var model = new NoiseModel(onDevice.Scales, profile with { FullScale = profile.FullScale with { InputStep = inputStep } });
        var check = new TwinCheck(
            compared, new DeviceRoute(onDevice, device, ReadoutCorrection.None(64, 4)), model, plan, options ?? new TwinOptions(), TimeProvider.System);
        return await check.RunAsync(pictures, told is null ? null : new Fractions(told), default);
    }

    // sigma_t^2 R dW^2 dx^2 with R = 8, dW = 2, dx = 1.
    private static double ReadNoise(double relative) => relative * 0.02 * Math.Sqrt(8) * 2;

    private sealed class Fractions(List<double> told) : IProgress<PrecisionProgress>
    {
        public void Report(PrecisionProgress value) => told.Add(value.Fraction);
    }
}
