using AnalogHil.Core.Noise;
using AnalogHil.Engine.Quantisation;
using AnalogHil.Engine.Tests.Execution;
using AnalogHil.Engine.Tests.Noise;
using AnalogHil.Engine.Tests.Onnx;

namespace AnalogHil.Engine.Tests.Quantisation;

public sealed class QuantisedNetworkTests
{
    public static TheoryData<string> Names => [.. Networks.Names];

    // The float network over a device that rounds what it is given must compute the same.
    [Theory]
    [MemberData(nameof(Names))]
    public async Task Forward_EveryLayerKind_EqualsProductsOfRoundedOperands(string name)
    {
        const int Count = 3;
        OnnxNetwork network = Networks.Create(name).Load();
        float[] images = ModelWriter.Images(network, Count);
        foreach (WeightGranularity granularity in Enum.GetValues<WeightGranularity>())
        {
            QuantisationPlan plan = QuantisationCalibrator.Calibrate(
                network, images, Count, new QuantisationOptions { InputBits = 6, WeightBits = 5, WeightGranularity = granularity });
            float[] expected = new float[Count * network.Classes];
            float[] actual = new float[Count * network.Classes];
            float[] plain = new float[Count * network.Classes];
            await network.ForwardAsync(images, Count, expected, new ConvertingRoute(plan), CancellationToken.None);
            network.Forward(images, Count, plain);

            network.Quantised(plan).Forward(images, Count, actual);

            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 2e-5f));
            Assert.Contains(plain.Zip(actual), pair => Math.Abs(pair.First - pair.Second) > 1e-3f);
        }
    }

    [Fact]
    public async Task ForwardAsync_Quantised_RouteSeesPatchesAndWeightsOnTheirGrids()
    {
        OnnxNetwork network = Networks.Create("residual").Load();
        float[] images = ModelWriter.Images(network, 2);
        QuantisationPlan plan = QuantisationCalibrator.Calibrate(network, images, 2, new QuantisationOptions { InputBits = 4, WeightBits = 3 });
        OnnxNetwork quantised = network.Quantised(plan);
        var recorder = new PatchRecorder();
        float[] routed = new float[2 * network.Classes];
        float[] forward = new float[2 * network.Classes];

        await quantised.ForwardAsync(images, 2, routed, recorder, CancellationToken.None);
        quantised.Forward(images, 2, forward);

        Assert.All(routed.Zip(forward), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        foreach (AnalogNode node in quantised.AnalogNodes)
        {
            NodeQuantisation grids = plan.Nodes[node.Index];
            AssertOnGrid(grids.Input!, recorder.Patches[(node.Index, 0)]);
            for (int channel = 0; channel < node.Channels; channel++)
            {
                float[] row = node.Weights.Slice(channel * node.DotLength, node.DotLength).ToArray();
                AssertOnGrid(grids.Weights[channel], row);
                float[] original = network.AnalogNodes[node.Index].Weights.Slice(channel * node.DotLength, node.DotLength).ToArray();
                Assert.All(row.Zip(original), w => Assert.True(Math.Abs(w.First - w.Second) <= 0.50001f * grids.Weights[channel].Scale));
            }
        }
    }

    [Fact]
    public void Forward_PlanOfFloats_SameBitsAsFloatNetwork()
    {
        OnnxNetwork network = Networks.Create("residual").Load();
        float[] images = ModelWriter.Images(network, 3);
        QuantisationPlan plan = QuantisationCalibrator.Calibrate(network, images, 3, new QuantisationOptions { InputBits = null, WeightBits = null });
        float[] expected = new float[3 * network.Classes];
        float[] actual = new float[3 * network.Classes];
        NoiseInjection noise = Laws.Injection(network, 3);
        network.Forward(images, 3, expected, noise);

        network.Quantised(plan).Forward(images, 3, actual, noise);

        Assert.Equal(expected, actual);
    }

    // Variances are those of the rounded patches: what the twin check of a device sees.
    [Fact]
    public void SampleNodes_Quantised_NoiseFollowsRoundedInputs()
    {
        OnnxNetwork network = Networks.Create("plain").Load();
        float[] images = ModelWriter.Images(network, 1);
        QuantisationPlan plan = QuantisationCalibrator.Calibrate(network, images, 1, new QuantisationOptions { InputBits = 2 });
        // So low a range that all inputs of the second product are clipped to the grid's only point: no x^2, no noise.
        NodeQuantisation[] nodes = [.. plan.Nodes];
        nodes[1] = nodes[1] with { Input = AffineQuantiser.FromRange(0, 0) };
        ElementVariance[] laws = [.. network.AnalogNodes.Select(node => new ElementVariance(
            [0, node.DotLength], new float[node.Channels], [.. Enumerable.Repeat(1f, node.Channels)], new float[node.Channels]))];
        var spread = new double[network.AnalogNodes.Count];

        network.Quantised(new QuantisationPlan(nodes)).SampleNodes(images, 1, new NoiseInjection(1, [.. laws.Select(law => new NodeNoise(law))]), (node, clean, noisy) =>
        {
            for (int i = 0; i < clean.Length; i++)
            {
                spread[node.Index] += Math.Abs(clean[i] - noisy[i]);
            }
        });

        Assert.True(spread[0] > 0);
        Assert.Equal(0, spread[1]);
    }

    [Fact]
    public void Quantised_OtherThreadsAndBatches_SamePlanBitsAndGradients()
    {
        const int Count = 23;
        float[][] logits = new float[2][];
        NetworkGradients[] gradients = new NetworkGradients[2];
        QuantisationPlan[] plans = new QuantisationPlan[2];
        for (int i = 0; i < 2; i++)
        {
            var options = new EngineOptions { Threads = i == 0 ? 1 : 3, TapeBytes = i == 0 ? 256L << 20 : 0 };
            OnnxNetwork network = OnnxNetwork.Load(Repository.Resnet, options);
            RangeRule rule = new PercentileRule(99.9);
            plans[i] = QuantisationCalibrator.Calibrate(network, Repository.Test.Pixels, 64, new QuantisationOptions { InputRange = rule });
            OnnxNetwork quantised = network.Quantised(plans[i], learnRanges: true);
            NoiseInjection noise = Laws.Injection(quantised, 4);
            logits[i] = new float[Count * 10];
            quantised.Forward(Repository.Test.Pixels, Count, logits[i], noise);
            gradients[i] = quantised.Differentiate(Repository.Test.Pixels, Count, Spread, noise, null);
        }

        Assert.Equal(plans[0].Nodes.Select(node => node.Input), plans[1].Nodes.Select(node => node.Input));
        Assert.Equal(logits[0], logits[1]);
        Assert.Equal(gradients[0].LogEnergy, gradients[1].LogEnergy);
        Assert.Equal(gradients[0].Ranges!, gradients[1].Ranges!);
        Assert.Contains(gradients[0].Ranges!, range => range.High != 0);
    }

    [Fact]
    public void Forward_QuantisedSteadyState_AllocatesNothingPerImage()
    {
        OnnxNetwork network = OnnxNetwork.Load(Repository.Lenet, new EngineOptions { Threads = 1 });
        OnnxNetwork quantised = network.Quantised(QuantisationCalibrator.Calibrate(network, Repository.Test.Pixels, 32));
        float[] logits = new float[400 * 10];
        quantised.Forward(Repository.Test.Pixels, 400, logits);

        long before = GC.GetAllocatedBytesForCurrentThread();
        quantised.Forward(Repository.Test.Pixels, 400, logits);
        long perImage = (GC.GetAllocatedBytesForCurrentThread() - before) / 400;

        Assert.InRange(perImage, 0, 100);
    }

    [Fact]
    public void Quantised_PlanOfAnotherNetwork_SaysSo()
    {
        OnnxNetwork plain = Networks.Create("plain").Load();
        OnnxNetwork wide = Networks.Create("wide").Load();
        QuantisationPlan plan = QuantisationCalibrator.Calibrate(plain, ModelWriter.Images(plain, 1), 1);

        Assert.Contains("the plan quantises 4 nodes", Assert.Throws<ArgumentException>(() => Networks.Create("residual").Load().Quantised(plan)).Message, StringComparison.Ordinal);
        Assert.Contains("calibrate the plan on this network", Assert.Throws<ArgumentException>(() => wide.Quantised(plan)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => plain.Quantised(plan).Quantised(plan));
        QuantisationPlan short1 = plan with { Nodes = [.. plan.Nodes.Select(node => node with { Weights = [.. node.Weights.Take(2)] })] };
        Assert.Contains("2 weight grids", Assert.Throws<ArgumentException>(() => plain.Quantised(short1)).Message, StringComparison.Ordinal);
        float[] broken = ModelWriter.Images(wide, 1);
        broken[5] = float.NaN;
        Assert.Contains("node 'conv", Assert.Throws<ArgumentException>(() => QuantisationCalibrator.Calibrate(wide, broken, 1)).Message, StringComparison.Ordinal);
    }

    internal static void Spread(ReadOnlySpan<float> logits, int count, Span<float> gradient)
    {
        for (int i = 0; i < gradient.Length; i++)
        {
            gradient[i] = MathF.Sin(3 + 2 * i);
        }
    }

    private static void AssertOnGrid(AffineQuantiser grid, float[] values)
    {
        float[] rounded = new float[values.Length];
        grid.FakeQuantise(values, rounded);
        Assert.Equal(rounded, values);
        Assert.True(values.Distinct().Count() <= grid.Levels);
    }
}
