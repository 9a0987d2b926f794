using System.Runtime.InteropServices;
using AnalogHil.Core.Noise;
using AnalogHil.Engine.Quantisation;
using AnalogHil.Engine.Tests.Noise;
using AnalogHil.Engine.Tests.Onnx;

namespace AnalogHil.Engine.Tests.Execution;

/// <summary>
/// The same bits for any number of threads, any split into batches, with and without a kept tape, and from run to run; forwards and backwards.
/// </summary>
public sealed class DeterminismTests
{
    private const int FirstImage = 100;

    public static TheoryData<string, int, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, int, bool>();
            foreach (bool quantised in new[] { false, true })
            {
                cases.Add("fashion-lenet", 23, quantised);
                cases.Add("fashion-resnet", 13, quantised);
                foreach (string name in Networks.Names)
                {
                    cases.Add(name, 9, quantised);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Passes_AnyThreadsAndBatches_SameBits(string model, int count, bool quantised)
    {
        OnnxNetwork one = Load(model, quantised, new EngineOptions { Threads = 1 });
        float[] images = Images(model, one, count);
        Passes expected = Run(one, images, count, FirstImage);
        AssertSame(expected, Run(one, images, count, FirstImage), "run again");
        for (int threads = 1; threads <= 4; threads++)
        {
            foreach (long tape in new[] { 256L << 20, 0 })
            {
                OnnxNetwork other = Load(model, quantised, new EngineOptions { Threads = threads, TapeBytes = tape });
                AssertSame(expected, Run(other, images, count, FirstImage), $"{threads} threads, tape {tape}");
            }
        }

        AssertSame(expected, OneByOne(Load(model, quantised, new EngineOptions { Threads = 2 }), images, count), "one image at a time");
    }

    // Sums over a batch are sums over its images in order, so adding single images in order gives the same bits.
    private static Passes OneByOne(OnnxNetwork network, float[] images, int count)
    {
        int size = network.InputShape.Size;
        Passes? total = null;
        for (int image = 0; image < count; image++)
        {
            Passes part = Run(network, images[(image * size)..((image + 1) * size)], 1, FirstImage + image);
            total = total is null ? part : total.Plus(part);
        }

        return total!;
    }

    private static Passes Run(OnnxNetwork network, float[] images, int count, int firstImage)
    {
        NoiseInjection noise = Laws.Injection(network, seed: 5, firstImage) with { DifferentiatesDeviation = true };
        ElementVariance[] at = [.. network.AnalogNodes.Select(node => Laws.Mixed(node, 2, 1))];
        float[] logits = new float[count * network.Classes];
        network.Forward(images, count, logits, noise);
        float[] seen = [];
        NetworkGradients gradients = network.Differentiate(
            images,
            count,
            (y, _, gradient) =>
            {
                seen = y.ToArray();
                for (int i = 0; i < gradient.Length; i++)
                {
                    gradient[i] = y[i] - MathF.Sin(i % network.Classes);
                }
            },
            noise,
            at);
        Assert.Equal(logits, seen);
        return new Passes(logits, gradients);
    }

    private static void AssertSame(Passes expected, Passes actual, string what)
    {
        Assert.True(MemoryMarshal.AsBytes(expected.Logits.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(actual.Logits.AsSpan())), $"{what}: logits differ");
        for (int node = 0; node < expected.Gradients.LogEnergy.Length; node++)
        {
            Assert.True(SameBits(expected.Gradients.LogEnergy[node], actual.Gradients.LogEnergy[node]), $"{what}: dL / d ln E of node {node} differs");
            Assert.True(SameBits(expected.Gradients.Sensitivity[node], actual.Gradients.Sensitivity[node]), $"{what}: sensitivities of node {node} differ");
        }

        Assert.Equal(expected.Gradients.Ranges, actual.Gradients.Ranges);
        Assert.All(expected.Gradients.LogEnergy, node => Assert.Contains(node, value => value != 0));
    }

    private static bool SameBits(double[] a, double[] b) => MemoryMarshal.AsBytes(a.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(b.AsSpan()));

    private static OnnxNetwork Load(string model, bool quantised, EngineOptions options)
    {
        OnnxNetwork network = model.StartsWith("fashion", StringComparison.Ordinal) ? OnnxNetwork.Load(Repository.Model(model), options) : Networks.Create(model).Load(options);
        if (!quantised)
        {
            return network;
        }

        QuantisationPlan plan = QuantisationCalibrator.Calibrate(network, Images(model, network, 4), 4, new QuantisationOptions { InputBits = 6, WeightBits = 6 });
        return network.Quantised(plan, learnRanges: true);
    }

    private static float[] Images(string model, OnnxNetwork network, int count) =>
        model.StartsWith("fashion", StringComparison.Ordinal) ? Repository.Test.Slice(0, count).ToArray() : ModelWriter.Images(network, count);

    private sealed record Passes(float[] Logits, NetworkGradients Gradients)
    {
        public Passes Plus(Passes next)
        {
            static double[][] Sum(double[][] a, double[][] b) => [.. a.Zip(b, (x, y) => x.Zip(y, (u, v) => u + v).ToArray())];
            RangeGradient[]? ranges = Gradients.Ranges is { } own ? [.. own.Zip(next.Gradients.Ranges!, (a, b) => new RangeGradient(a.Low + b.Low, a.High + b.High))] : null;
            return new Passes(
                [.. Logits, .. next.Logits],
                new NetworkGradients(Sum(Gradients.LogEnergy, next.Gradients.LogEnergy), Sum(Gradients.Sensitivity, next.Gradients.Sensitivity)) { Ranges = ranges });
        }
    }
}
