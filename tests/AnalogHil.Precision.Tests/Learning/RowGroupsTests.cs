using AnalogHil.Core.Averaging;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;
using AnalogHil.Core.Statistics;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Mapping;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Engine.Evaluation;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Mapping;
using AnalogHil.Precision.Methods;
using AnalogHil.Precision.Methods.Sensitivity;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.PlanFiles;
using AnalogHil.Precision.PlanLearning;
using AnalogHil.Precision.Push;
using AnalogHil.Precision.Routes;
using AnalogHil.Precision.Tests.Fakes;
using AnalogHil.Precision.Twin;
using Xunit.Abstractions;

namespace AnalogHil.Precision.Tests.Learning;

/// <summary>Products of 12 rows on tiles of 8: two groups of 6.</summary>
public sealed class RowGroupsTests(ITestOutputHelper output)
{
    private static readonly SumNetwork Network = SumNetwork.Random(12, 6, 1, 1f, 2f);

    // Rows 6 to 11 carry a quarter of the amplitude of the others.
    private static readonly LabelledImages Images = Faded(Pictures.For(Network, 4000, 3));

    private static PlanLayout Rows => new(Network.AnalogNodes, RowGroups.On(Network.AnalogNodes, 8), RedundancyMode.ReadAndAverage);

    [Fact]
    public void Variance_OfAMeasuredDevice_IsTheSumOverItsRowBlocks()
    {
        // sigma_t^2 R dW^2 dx^2 of each block over its K, sigma_w^2 dW^2 X_g over its K, and a floor that no K removes.
        NoiseProfile profile = Mixed();
        NetworkOnDevice network = Scenes.OnDevice(Network);
        NodeNoise[] noise = RowGroupNoise.Of(new NoiseModel(network.Scales, profile)).At([[2, 8], [3]]);
        float[] patch = [1, 2, 0, 1, 0, 1, 3, 0, 0, 1, 0, 0];
        for (int channel = 0; channel < 6; channel++)
        {
            double w = network.Scales[0].WeightFullScale[channel];
            double x = network.Scales[0].InputFullScale;
            double receiver = 0.02 * 0.02 * 8 * 4 * w * w * x * x;
            double weight = 0.1 * 0.1 * 4 * w * w;
            double expected = receiver * (0.9 / 2 + 0.9 / 8 + 2 * 0.1) + weight * (7 / 2.0 + 10 / 8.0);
            Assert.Equal(expected, noise[0].Variance.Evaluate(channel, patch), expected * 1e-5);
            double slope = receiver * (0.9 / 2 + 0.9 / 8) + weight * (7 / 2.0 + 10 / 8.0);
            Assert.Equal(slope, noise[0].EnergySlope!.Evaluate(channel, patch), slope * 1e-5);
        }
    }

    [Fact]
    public void Variance_WithOneKForAll_IsThatOfTheLayer()
    {
        var model = new NoiseModel(Scenes.OnDevice(Network).Scales, Mixed());
        float[] patch = [1, 2, 0, 1, 0, 1, 3, 0, 0, 1, 0, 0];
        double[][] rows = [[5, 5], [5]];
        NodeNoise[] parts = RowGroupNoise.Of(model).At(rows);
        NodeNoise[] whole = model.At([[5], [5]]);
        for (int layer = 0; layer < 2; layer++)
        {
            Assert.Equal(whole[layer].Variance.Evaluate(3, patch), parts[layer].Variance.Evaluate(3, patch), 1e-6);
        }
    }

    [Fact]
    public void Law_ByRowGroups_SplitsReceiverNoiseByRowsAndWeightNoiseByInputs()
    {
        Assert.True(ReferenceLaws.TryParse("thermal:0.01+weight:0.1", out ReferenceLaws? laws, out _));
        RowGroupNoise parts = RowGroupNoise.Of(Network, laws, RowGroups.On(Network.AnalogNodes, 8), Images.Pixels, 64);
        WrittenLawNoise whole = WrittenLawNoise.Create(Network, laws, Images.Pixels, 64);
        float[] first = [1, 2, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0];
        float[] none = new float[12];
        double receiver = whole.At([[1], [1]])[0].Variance.Evaluate(2, none);
        double weights = whole.At([[1], [1]])[0].Variance.Evaluate(2, first) - receiver;
        Assert.Equal(receiver * (0.5 / 4 + 0.5 / 16) + weights / 4, parts.At([[4, 16], [1]])[0].Variance.Evaluate(2, first), receiver * 1e-5);
    }

    [Fact]
    public void Estimate_ByRowGroups_AddsUpToTheLayerAndFollowsTheInputs()
    {
        Assert.True(ReferenceLaws.TryParse("weight:0.1", out ReferenceLaws? laws, out _));
        var options = new LearningOptions();
        double[][] groups = SensitivityEstimator.Estimate(
            Network, RowGroupNoise.Of(Network, laws, RowGroups.On(Network.AnalogNodes, 8), Images.Pixels, 64), Images.Pixels, 512, null, options, default);
        double[][] channels = SensitivityEstimator.Estimate(
            Network, WrittenLawNoise.Create(Network, laws, Images.Pixels, 64), Images.Pixels, 512, null, options, default);
        for (int layer = 0; layer < 2; layer++)
        {
            Assert.Equal(channels[layer].Sum(), groups[layer].Sum(), channels[layer].Sum() * 1e-5);

            // X of the faded rows is a sixteenth; correlation of X with g^2 moves the ratio, not by a factor of two.
            Assert.InRange(groups[layer][0] / groups[layer][1], 8, 32);
        }
    }

    [Fact]
    public void Gradient_ByRowGroups_EqualsTheLayersAndFallsWithTheGroupsShare()
    {
        Assert.True(ReferenceLaws.TryParse("thermal:0.1", out ReferenceLaws? laws, out _));
        RowGroupNoise noise = RowGroupNoise.Of(Network, laws, RowGroups.On(Network.AnalogNodes, 8), Images.Pixels, 64);
        var batches = new BatchSampler(Images, 1000, 32, 5);
        batches.Next();
        double[] byGroup = new EnergyGradient(Network, noise, Rows).At(batches, [2, 8, 4, 4], 9).Gradient;
        PlanLayout layers = new(Network.AnalogNodes, Granularity.Layer, RedundancyMode.ReadAndAverage);

        // Energies of 2 and 8 for halves of the rows are together the noise of 3.2 for all: 1/3.2 = (1/2 + 1/8)/2.
        double[] byLayer = new EnergyGradient(Network, noise, layers).At(batches, [3.2, 4], 9).Gradient;
        Assert.Equal(byLayer[0], byGroup[0] + byGroup[1], Math.Abs(byLayer[0]) * 1e-4);
        Assert.Equal(4, byGroup[0] / byGroup[1], 1e-3);
        Assert.Equal(1, byGroup[2] / byGroup[3], 1e-3);
    }

    [Fact]
    public void Learn_PerRowGroup_GivesTheSquareRootRuleAndSavesEnergy()
    {
        Assert.True(ReferenceLaws.TryParse("weight:0.1", out ReferenceLaws? laws, out _));
        RowGroupNoise noise = RowGroupNoise.Of(Network, laws, RowGroups.On(Network.AnalogNodes, 8), Images.Pixels, 64);
        PlanFile file = Learned(noise, Rows);
        PlanFile layers = Learned(noise, new PlanLayout(Network.AnalogNodes, Granularity.Layer, RedundancyMode.ReadAndAverage));
        output.WriteLine($"rows {file.Energy.PerMac:G4}, layers {layers.Energy.PerMac:G4} reads per MAC");

        Assert.Equal("rows", file.Granularity);
        Assert.All(file.Layers, layer => Assert.Equal(new[] { 0, 6, 12 }, layer.RowStarts!.Value.ToArray()));
        Assert.All(file.Layers, layer => Assert.True(layer.Repeats!.Value[0] > layer.Repeats.Value[1]));

        // (1 + 1/4)^2 / (2 (1 + 1/16)) = 0.735 to second order; both energies are known to some percent.
        Assert.InRange(file.Energy.PerMac / layers.Energy.PerMac, 0.5, 0.95);
        Assert.Contains("rows 0-5", PlanCsv.Write(file), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Twin_OfAPlanByRowGroups_AgreesWithTheModelThatKnowsThem(bool swapped)
    {
        // Variance ratio 1 against (1/12 + 1/2) / (1/2 + 1/12) with swapped groups of layer 1 (3, 9 for 2, 12) : 0.44 / 0.58; the interval is +-0.03. Seed 1.
        await using var device = new FakeDevice { ReadNoise = (float)(0.02 * Math.Sqrt(8) * 2) };
        NetworkOnDevice network = Scenes.OnDevice(Network, device.Capabilities, 0, 6);
        PrecisionPlan plan = new PlanLayout(network, Granularity.Rows, RedundancyMode.ReadAndAverage).ToPlan([2, 12, 3, 9]);
        await device.ProgramAsync(network.Programs, default);
        await PlanPusher.PushAsync(device, network, plan, default);
        PrecisionPlan told = swapped ? new PlanLayout(network, Granularity.Rows, RedundancyMode.ReadAndAverage).ToPlan([3, 9, 3, 9]) : plan;
        var check = new TwinCheck(
            Network, new DeviceRoute(network, device, ReadoutCorrection.None(64, 4)), new NoiseModel(network.Scales, Scenes.Profile(0.02)), told, new TwinOptions(), TimeProvider.System);
        TwinResult result = await check.RunAsync(Images, null, default);
        output.WriteLine(string.Join("; ", result.Layers.Select(layer => $"{layer.Layer} {layer.VarianceRatio:0.000} ({layer.Interval.Low:0.000} .. {layer.Interval.High:0.000})")));
        Assert.Equal(1, result.Layers[1].VarianceRatio, 0.07);
        Assert.Equal(swapped ? (1 / 2.0 + 1 / 12.0) / (1 / 3.0 + 1 / 9.0) : 1, result.Layers[0].VarianceRatio, 0.08);
        Assert.Equal(!swapped, result.Agrees);
    }

    [Fact]
    public void SettingsOf_APlanByRowGroups_GivesEachBlockTheKOfItsRows()
    {
        NetworkOnDevice network = Scenes.OnDevice(Network, FakeDevice.Caps(perColumn: false));
        PrecisionPlan plan = new PlanLayout(network, Granularity.Rows, RedundancyMode.ReadAndAverage).ToPlan([2, 12, 3, 9]);
        foreach (BlockRedundancy block in network.SettingsOf(plan).Blocks)
        {
            int layer = network.LayerOf(block.Block) == "fc0" ? 0 : 1;
            MappedBlock mapped = network.Map.Layers[layer].Blocks.Single(each => each.Block == block.Block);
            Assert.Equal(plan.Layers[layer].Repeats[mapped.FirstRow == 0 ? 0 : 1], Assert.Single(block.Repeats));
        }

        Assert.Equal(6.5, plan.MeanRepeatsPerMac);
        Assert.Equal(6.5, DeclaredEnergy.OfImage(network, plan).Macs / Network.AnalogNodes.Sum(node => node.Macs));
    }

    [Fact]
    public void RowGroups_WhereADeviceHasNone_AreRefusedWithTheReason()
    {
        NetworkOnDevice wide = Scenes.OnDevice(Network, FakeDevice.Caps(rows: 16));
        Refused("fits into the rows of one tile", () => _ = new PlanLayout(wide, Granularity.Rows, RedundancyMode.ReadAndAverage));
        NetworkOnDevice narrow = Scenes.OnDevice(Network);
        Refused("copies in space", () => _ = new PlanLayout(narrow, Granularity.Rows, RedundancyMode.SpatialCopies));
        Refused("the device's tiles at 0, 4, 8, 12", () => Scenes.OnDevice(Network, FakeDevice.Caps(rows: 5)).SettingsOf(Rows.ToPlan([1, 2, 3, 4])));
        NoiseProfile direct = Scenes.Profile(0.02) with { Terms = [Term(NoiseTerm.ShotDirect, 0.02, 0)] };
        Refused("direct-detection shot noise", () => RowGroupNoise.Of(new NoiseModel(narrow.Scales, direct)));
        Refused("cut both alike", () => Training.Run(new UniformMethod(), new MethodTask(
            Network,
            RowGroupNoise.Of(new NoiseModel(narrow.Scales, Scenes.Profile(0.02))),
            new PlanLayout(Network.AnalogNodes, RowGroups.On(Network.AnalogNodes, 4), RedundancyMode.ReadAndAverage), Images), 4, null, default));
        Refused("need RowGroupNoise", () => Training.Run(new SensitivityMethod(new SensitivityOptions()), new MethodTask(
            Network, new NoiseModel(narrow.Scales, Scenes.Profile(0.02)), Rows, Images), 4, null, default));

        static void Refused(string reason, Action action) => Assert.Contains(reason, Assert.Throws<PrecisionException>(action).Message, StringComparison.Ordinal);
    }

    private static PlanFile Learned(RowGroupNoise noise, PlanLayout layout)
    {
        var task = new PlanTask(Network, noise, layout, MethodChoice.Of("integer", 0, false), Images, Images) { LargestEnergy = 4096, Seed = 3 };
        PlanFile file = PlanFileBuilder.Of(PlanLearner.Learn(task, null, CancellationToken.None), new PlanSource(
            new string('c', 64), null, null, new PlanNoise(PlanNoise.OfLaw, "weight:0.1", [], null, null, null, "reads per MAC"), new PlanCode("test", "0", "")));
        return PlanFileJson.Deserialize(PlanFileJson.Serialize(file), "test");
    }

    private static NoiseProfile Mixed() => Scenes.Profile(0.02) with { Terms = [Term(NoiseTerm.Thermal, 0.02, 0.1), Term(NoiseTerm.Weight, 0.1, 0)] };

    private static NoiseTermEstimate Term(NoiseTerm term, double sigma, double floor) =>
        new(term, new Estimate(sigma, new Interval(sigma, sigma), "1", 1000), true, new AveragingLaw(1 - floor, floor));

    private static LabelledImages Faded(LabelledImages images)
    {
        float[] pixels = images.Pixels.ToArray();
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] *= i % 12 < 6 ? 1 : 0.25f;
        }

        float[] logits = new float[images.Count * Network.Classes];
        Network.Forward(pixels, images.Count, logits);
        int[] labels = [.. Enumerable.Range(0, images.Count).Select(i =>
        {
            float[] row = logits[(i * Network.Classes)..((i + 1) * Network.Classes)];
            return Array.IndexOf(row, row.Max());
        })];
        return new LabelledImages("faded", images.Shape, pixels, labels);
    }
}
