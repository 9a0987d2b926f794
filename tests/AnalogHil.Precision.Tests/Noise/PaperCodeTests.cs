using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;
using AnalogHil.Core.Statistics;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Engine.Evaluation;
using AnalogHil.Precision.Certification;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Search.Budgets;
using AnalogHil.Precision.Search.Families;
using AnalogHil.Precision.Tests.Integration;
using Xunit.Abstractions;

namespace AnalogHil.Precision.Tests.Noise;

/// <summary>What the released code draws otherwise than the equations say, on the first convolution (3 x 3, padded) of the repository's ResNet.</summary>
public sealed class PaperCodeTests(ITestOutputHelper output)
{
    private const int Draws = 400;
    private static readonly OnnxNetwork Network = OnnxNetwork.Load(Embedded.PathOf("models/fashion-resnet.onnx"), new EngineOptions { Threads = 1 });

    [Fact]
    public void Shot_AtPaddedBorders_HasTheVarianceOfTheTapsOnTheImage()
    {
        // An image of ones: X = taps on the image x channels, A = squares of the weights at them. 400 draws x 16 channels or more give variance ratios to 2 %;
        // 10 % is 5 standard errors: false-alarm rate 1e-6. Seeds 0 to 399.
        AnalogNode node = Network.AnalogNodes[0];
        Assert.Equal(9, node.Taps);
        int side = (int)Math.Sqrt(node.Positions);
        float[] image = [.. Enumerable.Repeat(1f, Network.InputShape.Size)];
        ReferenceNoiseModel code = ReferenceNoiseModel.Create(Network, ReferenceNoiseOptions.Shot.InCode(), image, 1);
        ReferenceNoiseModel equation = ReferenceNoiseModel.Create(Network, ReferenceNoiseOptions.Shot, image, 1);
        (int Position, int[] Taps, string Name)[] places =
        [
            (0, [4, 5, 7, 8], "corner"), (side / 2, [3, 4, 5, 6, 7, 8], "edge"), (side / 2 * side + side / 2, [0, 1, 2, 3, 4, 5, 6, 7, 8], "inside"),
        ];
        double[][] ofCode = Squares(code, image);
        double[][] ofEquation = Squares(equation, image);
        foreach ((int position, int[] taps, string name) in places)
        {
            double codeRatio = 0;
            double equationRatio = 0;
            for (int channel = 0; channel < node.Channels; channel++)
            {
                double inputs = (double)node.DotLength / node.Taps;
                double x = taps.Length * inputs;
                double whole = SquaresOf(node, channel, [.. Enumerable.Range(0, 9)]);
                codeRatio += ofCode[position][channel] / (SquaresOf(node, channel, taps) * x / node.DotLength) / node.Channels;
                equationRatio += ofEquation[position][channel] / (whole * x / node.DotLength) / node.Channels;
            }

            output.WriteLine($"{name}: variance over closed form {codeRatio:0.000} as in code, {equationRatio:0.000} by the equation; {taps.Length}/9 of the taps");
            Assert.Equal(1, codeRatio, 0.1);
            Assert.Equal(1, equationRatio, 0.1);
        }
    }

    [Fact]
    public void Weight_InCode_IsOneDrawForABatchAndTheSameVariance()
    {
        float[] image = Embedded.Test.Slice(0, 1).ToArray();
        float[] images = [.. Enumerable.Range(0, 40).SelectMany(_ => image)];
        ReferenceNoiseOptions options = ReferenceNoiseOptions.Weight.InCode();
        Assert.Equal(32, options.Lifetime.ImagesPerDraw);
        float[] held = Noise(ReferenceNoiseModel.Create(Network, options, image, 1), images, 40);
        float[] fresh = Noise(ReferenceNoiseModel.Create(Network, ReferenceNoiseOptions.Weight, image, 1), images, 40);
        int size = held.Length / 40;
        Assert.Equal(held[..size], held[(31 * size)..(32 * size)]);
        Assert.NotEqual(held[..size], held[(32 * size)..(33 * size)]);
        Assert.NotEqual(fresh[..size], fresh[size..(2 * size)]);

        // Mean squares over 400 draws agree: held draws have 9 independent numbers for each channel, so that 400 x 9 x channels give a few percent.
        double[][] one = Squares(ReferenceNoiseModel.Create(Network, options, image, 1), image);
        double[][] other = Squares(ReferenceNoiseModel.Create(Network, ReferenceNoiseOptions.Weight, image, 1), image);
        double ratio = one.Sum(row => row.Sum()) / other.Sum(row => row.Sum());
        output.WriteLine($"mean square, held over fresh: {ratio:0.000}");
        Assert.Equal(1, ratio, 0.1);
    }

    [Fact]
    public void InCode_ByLaw_ChangesWhatTheCodeChangesAndNoMore()
    {
        ReferenceNoiseOptions thermal = ReferenceNoiseOptions.Thermal.InCode();
        Assert.Equal((ReferenceProfile.PaperCode, false, false), (thermal.Profile, thermal.Lifetime.IsHeld, thermal.PaddingLeftOut));
        Assert.True(ReferenceNoiseOptions.Shot.InCode().PaddingLeftOut);
        Assert.True(ReferenceLaws.TryParse("weight:0.2", out ReferenceLaws? laws, out _));
        Assert.Equal(0.2, LawNoise.InCode(laws).Sigma);
        Assert.True(ReferenceLaws.TryParse("weight:0.2+thermal:0.01", out laws, out _));
        Assert.Contains("one noise at a time", Assert.Throws<PrecisionException>(() => LawNoise.InCode(laws!)).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be held", Assert.Throws<PrecisionException>(() => ReferenceNoiseModel.Create(
            Network, ReferenceNoiseOptions.Shot with { Lifetime = NoiseLifetime.PerInference }, Embedded.Test.Pixels, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_HeldForABatch_IsNotCertifiedAndADrawForEachExampleIs()
    {
        LabelledImages examples = new(Embedded.Test.Name, Embedded.Test.Shape, Embedded.Test.Slice(0, 150).ToArray(), Embedded.Test.Labels[..150]);
        ReferenceNoiseModel batch = ReferenceNoiseModel.Create(Network, ReferenceNoiseOptions.Weight.InCode(), Embedded.Test.Pixels, 1);
        var layout = new PlanLayout(Network.AnalogNodes, Granularity.Layer, RedundancyMode.ReadAndAverage);
        (EnergyPoint, double)[] point = [(ShapeFamily.Uniform(layout, 1e-6, 1e9).At(1e6), 0)];
        Assert.Contains("one draw for 32 examples", Assert.Throws<PrecisionException>(
            () => new ModelCertifier(Network, batch, 0.02, 50, 1).Run("held", point, examples, default)).Message, StringComparison.Ordinal);
        ReferenceNoiseModel apart = batch.WithDrawsOfTheirOwn();
        Assert.Equal(1, apart.At(apart.Ones())[0].Held!.ImagesPerDraw);
        Assert.Equal(batch.At(batch.Ones())[0].Held!.Variance.SquareSlope, apart.At(apart.Ones())[0].Held!.Variance.SquareSlope);
        Assert.Equal(Verdict.Accept, new ModelCertifier(Network, apart, 0.02, 50, 1).Run("apart", point, examples, default).Verdict);
        var devices = new CertificationDraws(CrossedDrop.FewestShared) { ProgrammingSigma = 0.001 };
        Assert.Contains("held part of its own", Assert.Throws<PrecisionException>(
            () => new ModelCertifier(Network, apart, 0.02, 50, 1, devices).Run("both", point, examples, default)).Message, StringComparison.Ordinal);
    }

    // [position][channel] mean squared noise of the first product.
    private static double[][] Squares(ReferenceNoiseModel model, float[] image)
    {
        AnalogNode node = Network.AnalogNodes[0];
        double[][] sums = [.. Enumerable.Range(0, node.Positions).Select(_ => new double[node.Channels])];
        for (ulong draw = 0; draw < Draws; draw++)
        {
            float[] noise = Noise(model, image, 1, draw);
            for (int k = 0; k < noise.Length; k++)
            {
                sums[k / node.Channels][k % node.Channels] += (double)noise[k] * noise[k] / Draws;
            }
        }

        return sums;
    }

    private static float[] Noise(ReferenceNoiseModel model, float[] images, int count, ulong seed = 1)
    {
        float[] noise = [];
        NodeNoise?[] first = [.. model.At(model.Ones()).Select((one, i) => i == 0 ? one : null)];
        Network.SampleNodes(images, count, new NoiseInjection(seed, first), (node, clean, noisy) =>
        {
            if (node.Index == 0)
            {
                noise = new float[clean.Length];
                for (int k = 0; k < noise.Length; k++)
                {
                    noise[k] = noisy[k] - clean[k];
                }
            }
        });
        return noise;
    }

    private static double SquaresOf(AnalogNode node, int channel, int[] taps)
    {
        int inputs = node.DotLength / node.Taps;
        double sum = 0;
        foreach (int tap in taps)
        {
            foreach (float weight in node.Weights.Span.Slice(channel * node.DotLength + tap * inputs, inputs))
            {
                sum += (double)weight * weight;
            }
        }

        return sum;
    }
}
