using AnalogHil.Core.Noise;
using AnalogHil.Core.Numerics;
using AnalogHil.Engine.Quantisation;
using AnalogHil.Engine.Tests.Execution;
using AnalogHil.Engine.Tests.Noise;
using AnalogHil.Engine.Tests.Onnx;
using Xunit.Abstractions;

namespace AnalogHil.Engine.Tests.Text;

/// <summary>Attention's products: two activations, head by head.</summary>
public sealed class ActivationProductTests(ITestOutputHelper output)
{
    private const int Count = 5;

    [Fact]
    public void AnalogNodes_Encoder_DescribeOperandsAndCounts()
    {
        OnnxNetwork network = Tokens.Encoder().Load();

        AnalogNode[] pairs = [.. network.AnalogNodes.Where(node => node.Operands == ProductOperands.TwoActivations)];

        Assert.Equal([(4, 12, 2, 6, 288L), (6, 8, 2, 6, 288L)], pairs.Select(node => (node.DotLength, node.Channels, node.Groups, node.Positions, node.Macs)));
        Assert.All(pairs, node => Assert.True(node.Weights.IsEmpty));
        Assert.Equal((10, 0, new ImageShape(1, 1, 12)), (network.AnalogNodes.Count, network.DigitalProducts.Count, network.InputShape));
        Assert.Equal([("ids", 0, ElementKind.Whole), ("mask", 6, ElementKind.Whole)], network.Inputs.Select(input => (input.Name, input.Start, input.Kind)));
    }

    [Theory]
    [InlineData(0, 11, "'ids', value 0 is 11; integers from -11 to 10")]
    [InlineData(2, 1.5, "'ids', value 2 is 1.5")]
    [InlineData(7, 16777216, "'mask', value 1 is 16777216")]
    [InlineData(3, double.NaN, "'ids', value 3 is NaN")]
    public void Forward_BadInteger_NamesExampleInputAndRange(int at, double value, string expected)
    {
        OnnxNetwork network = Tokens.Encoder().Load();
        float[] examples = Tokens.Examples(2);
        examples[12 + at] = (float)value;

        ArgumentException error = Assert.Throws<ArgumentException>(() => network.Forward(examples, 2, new float[6]));

        Assert.Contains("example 1, input " + expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Forward_Noisy_SameBitsForAnyThreadsAndBatches()
    {
        OnnxNetwork one = Tokens.Encoder().Load();
        OnnxNetwork three = Tokens.Encoder().Load(new EngineOptions { Threads = 3 });
        const int Examples = 21;
        float[] rows = Tokens.Examples(Examples);
        NoiseInjection noise = Mixed(one, 5);
        (float[] together, float[] shared, float[] parts) = (new float[3 * Examples], new float[3 * Examples], new float[3 * Examples]);
        (float[] clean, ElementVariance[] at) = (new float[3 * Examples], [.. one.AnalogNodes.Select(node => Law(node, 60 + node.Index, 1))]);

        one.Forward(rows, Examples, together, noise);
        three.Forward(rows, Examples, shared, noise);
        for (int first = 0; first < Examples; first += 4)
        {
            int count = Math.Min(4, Examples - first);
            three.Forward(rows.AsSpan(first * 12, count * 12), count, parts.AsSpan(3 * first), noise with { FirstImage = first });
        }

        one.Forward(rows, Examples, clean);
        NetworkGradients a = one.Differentiate(rows, Examples, Weighted, noise, at);
        NetworkGradients b = three.Differentiate(rows, Examples, Weighted, noise, at);

        Assert.Equal(together, shared);
        Assert.Equal(together, parts);
        Assert.NotEqual(together, clean);
        Assert.Equal(a.LogEnergy, b.LogEnergy);
        Assert.Equal(a.Sensitivity, b.Sensitivity);
    }

    // Every channel of every node, so that gradients pass both operands of attention, softmax, normalisation and the Gaussian unit.
    [Fact]
    public void Differentiate_EveryChannel_EqualsFiniteDifferenceOfLoss()
    {
        const float Variance = 1e-3f;
        const double Step = 0.1;
        OnnxNetwork network = Tokens.Encoder().Load();
        float[] rows = Tokens.Examples(Count);
        NodeNoise Node(AnalogNode node, int channel, double logEnergy)
        {
            ElementVariance law = Laws.Constant(node, Variance);
            if (channel >= 0)
            {
                law.Constant[channel] = (float)(Variance * Math.Exp(-logEnergy));
            }

            return new NodeNoise(law);
        }

        double Loss(int moved, int channel, double logEnergy)
        {
            float[] logits = new float[3 * Count];
            network.Forward(rows, Count, logits, new NoiseInjection(8, [.. network.AnalogNodes.Select(node => Node(node, node.Index == moved ? channel : -1, logEnergy))]));
            return logits.Select((logit, i) => (double)logit * Weight(i)).Sum();
        }

        NetworkGradients gradients = network.Differentiate(
            rows, Count, Weighted, new NoiseInjection(8, [.. network.AnalogNodes.Select(node => Node(node, -1, 0))]), null);

        foreach (AnalogNode node in network.AnalogNodes)
        {
            double scale = gradients.LogEnergy[node.Index].Max(Math.Abs);
            double worst = 0;
            for (int channel = 0; channel < node.Channels; channel++)
            {
                double difference = (Loss(node.Index, channel, Step) - Loss(node.Index, channel, -Step)) / (2 * Step);
                worst = Math.Max(worst, Math.Abs(difference - gradients.LogEnergy[node.Index][channel]));
            }

            output.WriteLine($"{node.Name}: largest gradient {scale:g3}, largest deviation {worst:g3}");
            Assert.True(scale > 1e-5);
            Assert.True(worst < 0.005 * scale, $"{node.Name}: {worst} of {scale}");
        }
    }

    // Noise as large as the signal, whose deviation depends on both operands: the exact gradient of the noisy loss, and of what is held of it. One channel of
    // every node.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Differentiate_DeviationsThatFollow_EqualFiniteDifferenceOfNoisyLoss(bool held)
    {
        const double Step = 0.02;
        OnnxNetwork network = Tokens.Encoder().Load();
        float[] rows = Tokens.Examples(Count);
        NodeNoise Node(AnalogNode node, int channel, double logEnergy)
        {
            float factor = (float)Math.Exp(-logEnergy);
            ElementVariance law = Law(node, 80 + node.Index, 0.01f);
            if (held)
            {
                law = law with { AbsoluteSlope = new float[node.Channels], OperandSlope = null, ProductSlope = null };
            }

            foreach (float[] slopes in new[] { law.Constant, law.SquareSlope, law.AbsoluteSlope, law.OperandSlope ?? [], law.ProductSlope ?? [] })
            {
                for (int i = channel; channel >= 0 && i < slopes.Length; i += node.Channels)
                {
                    slopes[i] *= factor;
                }
            }

            return held ? new NodeNoise(Laws.Constant(node, 0)) { Held = new HeldNoise(law) } : new NodeNoise(law);
        }

        NoiseInjection Noise(int moved, int channel, double logEnergy) =>
            new(8, [.. network.AnalogNodes.Select(node => Node(node, node.Index == moved ? channel : -1, logEnergy))]) { DifferentiatesDeviation = true };
        double Loss(int moved, int channel, double logEnergy)
        {
            float[] logits = new float[3 * Count];
            network.Forward(rows, Count, logits, Noise(moved, channel, logEnergy));
            return logits.Select((logit, i) => (double)logit * Weight(i)).Sum();
        }

        double[][] following = network.Differentiate(rows, Count, Weighted, Noise(-1, -1, 0), null).LogEnergy;
        double[][] detached = network.Differentiate(rows, Count, Weighted, Noise(-1, -1, 0) with { DifferentiatesDeviation = false }, null).LogEnergy;

        Assert.True(following[0].Zip(detached[0], (a, b) => Math.Abs(a - b)).Max() > 0.02 * detached[0].Max(Math.Abs));
        foreach (AnalogNode node in network.AnalogNodes)
        {
            double scale = following[node.Index].Max(Math.Abs);
            int channel = Array.FindIndex(following[node.Index], value => Math.Abs(value) == scale);
            double difference = (Loss(node.Index, channel, Step) - Loss(node.Index, channel, -Step)) / (2 * Step);
            output.WriteLine(
                $"{node.Name}: gradient {following[node.Index][channel]:g5}, difference {difference:g5}, detached {detached[node.Index][channel]:g5}");
            Assert.Equal(difference, following[node.Index][channel], 0.01 * scale);
        }
    }

    // Statistical: 2 nodes x 6 z-values of 28,800 and more draws against 5 standard deviations, false-alarm rate below 1e-5.
    [Fact]
    public async Task SampleNodes_ActivationProducts_HaveClosedFormVariance()
    {
        const ulong Seed = 314;
        const int Draws = 120;
        output.WriteLine($"seed {Seed}");
        OnnxNetwork network = Tokens.Encoder().Load();
        float[] rows = Tokens.Examples(Count);
        var recorder = new OperandRecorder();
        await network.ForwardAsync(rows, Count, new float[3 * Count], recorder, CancellationToken.None);
        foreach (AnalogNode node in network.AnalogNodes.Where(node => node.Operands == ProductOperands.TwoActivations))
        {
            ElementVariance mixed = Law(node, 7, 0.1f);
            ElementVariance zero = new(mixed.BlockStarts, new float[node.Channels], new float[mixed.SquareSlope.Length], new float[node.Channels]);
            ElementVariance[] laws =
            [
                mixed,
                zero with { Constant = mixed.Constant },
                zero with { SquareSlope = mixed.SquareSlope },
                zero with { OperandSlope = mixed.OperandSlope },
                zero with { ProductSlope = mixed.ProductSlope },
                zero with { AbsoluteSlope = mixed.AbsoluteSlope },
            ];
            foreach ((int which, ElementVariance law) in laws.Index())
            {
                double[] expected = recorder.Variances(node, law, Count);
                double sum = 0;
                long draws = 0;
                for (int draw = 0; draw < Draws; draw++)
                {
                    var noise = new NodeNoise?[network.AnalogNodes.Count];
                    noise[node.Index] = new NodeNoise(law);
                    network.SampleNodes(rows, Count, new NoiseInjection(GaussianKey.Derive(Seed, (ulong)draw, (ulong)which).Value, noise), (at, clean, noisy) =>
                    {
                        for (int i = 0; at.Index == node.Index && i < clean.Length; i++)
                        {
                            double difference = (double)noisy[i] - clean[i];
                            sum += expected[i] > 0 ? difference * difference / expected[i] : 0;
                            draws += expected[i] > 0 ? 1 : 0;
                            Assert.True(expected[i] > 0 || difference == 0);
                        }
                    });
                }

                double z = (sum / draws - 1) / Math.Sqrt(2.0 / draws);
                output.WriteLine($"{node.Name}: variance ratio {sum / draws:f4} of {draws} draws, z = {z:f2}");
                Assert.True(draws >= 28_800 && Math.Abs(z) < 5, $"z = {z}");
            }
        }
    }

    [Fact]
    public async Task ForwardAsync_RouteOfEitherKind_EqualsForward()
    {
        OnnxNetwork network = Tokens.Encoder().Load(new EngineOptions { Threads = 1, MaxBatch = 2 });
        float[] rows = Tokens.Examples(Count);
        (float[] expected, float[] digital, float[] analog) = (new float[3 * Count], new float[3 * Count], new float[3 * Count]);
        network.Forward(rows, Count, expected);
        var recorder = new OperandRecorder();

        await network.ForwardAsync(rows, Count, digital, new ExactRoute(), CancellationToken.None);
        await network.ForwardAsync(rows, Count, analog, recorder, CancellationToken.None);

        Assert.All(expected.Zip(digital), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        Assert.All(expected.Zip(analog), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        Assert.Equal(2, recorder.Nodes);
        Assert.All(network.AnalogNodes, node => Assert.Equal(node.Operands == ProductOperands.Weights, ((IProductRoute)new ExactRoute()).CanMultiply(node)));
    }

    [Fact]
    public void WithDigitalActivationProducts_Encoder_ComputesTheSameWithFewerNodes()
    {
        OnnxNetwork network = Tokens.Encoder().Load();
        OnnxNetwork digital = network.WithDigitalActivationProducts();
        float[] rows = Tokens.Examples(Count);
        (float[] a, float[] b) = (new float[3 * Count], new float[3 * Count]);

        network.Forward(rows, Count, a);
        digital.Forward(rows, Count, b);

        Assert.Equal(a, b);
        Assert.Equal((8, 2), (digital.AnalogNodes.Count, digital.DigitalProducts.Count));
        Assert.Equal(Enumerable.Range(0, 8), digital.AnalogNodes.Select(node => node.Index));
        Assert.All(digital.DigitalProducts, node => Assert.Equal(-1, node.Index));
        Assert.Equal(8, digital.Differentiate(rows, Count, Weighted, Laws.Injection(digital, 3), null).LogEnergy.Length);
    }

    [Fact]
    public async Task ObserveRanges_ActivationProducts_GiveBothOperands()
    {
        OnnxNetwork network = Tokens.Encoder().Load();
        float[] rows = Tokens.Examples(Count);
        var recorder = new OperandRecorder();
        await network.ForwardAsync(rows, Count, new float[3 * Count], recorder, CancellationToken.None);

        InputRange[] ranges = network.ObserveRanges(rows, Count);

        foreach (AnalogNode node in network.AnalogNodes.Where(node => node.Operands == ProductOperands.TwoActivations))
        {
            (float first, float second) = recorder.Magnitudes(node);
            Assert.Equal(first, ranges[node.Index].Magnitude, 1e-4f);
            Assert.Equal(second, ranges[node.Index].OperandMagnitude, 1e-4f);
        }
    }

    [Fact]
    public void Calibrate_ActivationProducts_AreRefusedWithRemedy()
    {
        OnnxNetwork network = Tokens.Encoder().Load();
        float[] rows = Tokens.Examples(Count);

        ArgumentException error = Assert.Throws<ArgumentException>(() => QuantisationCalibrator.Calibrate(network, rows, Count));

        Assert.Contains(
            "multiplies two activations, which are not quantised; quantise WithDigitalActivationProducts()", error.Message, StringComparison.Ordinal);
        OnnxNetwork digital = network.WithDigitalActivationProducts();
        OnnxNetwork quantised = digital.Quantised(QuantisationCalibrator.Calibrate(digital, rows, Count));
        (float[] a, float[] b) = (new float[3 * Count], new float[3 * Count]);
        digital.Forward(rows, Count, a);
        quantised.Forward(rows, Count, b);
        Assert.InRange(a.Zip(b, (x, y) => Math.Abs(x - y)).Max(), 1e-6f, 0.2f);
    }

    [Fact]
    public void Forward_LawOfTheWrongKind_IsRefused()
    {
        OnnxNetwork network = Tokens.Encoder().Load();
        AnalogNode weighted = network.AnalogNodes[0];
        ElementVariance law = Laws.Constant(weighted, 1) with { OperandSlope = new float[weighted.Channels] };
        var noise = new NodeNoise?[network.AnalogNodes.Count];
        noise[0] = new NodeNoise(law);

        ArgumentException error = Assert.Throws<ArgumentException>(() => network.Forward(Tokens.Examples(1), 1, new float[3], new NoiseInjection(1, noise)));

        Assert.Contains("depends on a second activation, the node has weights", error.Message, StringComparison.Ordinal);
    }

    private static float Weight(int i) => MathF.Sin(3 + 2 * i);

    private static void Weighted(ReadOnlySpan<float> logits, int count, Span<float> gradient)
    {
        for (int i = 0; i < gradient.Length; i++)
        {
            gradient[i] = Weight(i);
        }
    }

    private static NoiseInjection Mixed(INetwork network, ulong seed) => new(
        seed, [.. network.AnalogNodes.Select(node => new NodeNoise(Law(node, node.Index, 1e-3f), node.Index % 2 == 0 ? Law(node, 40 + node.Index, 1e-3f) : null))]);

    private static ElementVariance Law(AnalogNode node, int seed, float scale)
    {
        ElementVariance law = Laws.Mixed(node, 2, seed, scale);
        var random = new Random(1000 + seed);
        float[] Draw() => [.. law.SquareSlope.Select(_ => scale * random.NextSingle())];
        return node.Operands == ProductOperands.Weights ? law : law with { OperandSlope = Draw(), ProductSlope = Draw() };
    }
}
