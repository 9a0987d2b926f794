using AnalogHil.Core.Noise;
using AnalogHil.Engine.Data;
using AnalogHil.Engine.Tests.Models;
using Xunit.Abstractions;

namespace AnalogHil.Engine.Tests.Oracles;

/// <summary>
/// Loss and dLoss / d ln E under thermal, weight and shot noise against PyTorch in double precision, with deviations detached and differentiated; the files
/// beside this
/// one are made by make_gradients.py, which draws the normal numbers a second time by itself.
/// </summary>
public sealed class GradientOracleTests(ITestOutputHelper output)
{
    // Relative to the largest gradient of a law. Measured: at most 2E-6.
    private const double Tolerance = 2e-5;

    // Of six million values before a ReLU6, a few lie so near its corner that single precision puts them on the other side; each moves the gradients of all
    // layers before it. Measured: 4E-3 for the layers before one such value, 3E-7 for those behind. clamp_corners.py shows that this is the cause: PyTorch's own single
    // precision differs from its double by 6.4E-3 (2 of 6,105,792 values pass a corner), and by 5.1E-7 from double precision with the clamps of single.
    private const double ToleranceAtCorners = 2e-2;

    [Theory]
    [InlineData("fashion-lenet")]
    [InlineData("fashion-resnet")]
    public void Differentiate_OwnModel_EqualsPyTorchForEveryChannel(string model) => Compare(
        OracleGradients.Read(model), OnnxNetwork.Load(Repository.Model(model), new EngineOptions { Threads = 2 }), Repository.Test.Pixels, Tolerance);

    [SharedDataTheory]
    [InlineData("resnet20-cifar10", Tolerance)]
    [InlineData("squeezenet1.1", Tolerance)]
    [InlineData("mobilenetv2", ToleranceAtCorners)]
    public void Differentiate_PretrainedModel_EqualsPyTorchForEveryLayer(string model, double tolerance) => Compare(
        OracleGradients.Read(model),
        OnnxNetwork.Load(SharedData.Model(model), new EngineOptions { Threads = 2 }),
        NpyReader.Read<float>(SharedData.Golden(model, "input_first2.npy")).Values,
        tolerance);

    private void Compare(OracleGradients oracle, OnnxNetwork network, ReadOnlySpan<float> images, double tolerance)
    {
        Assert.Equal(6, oracle.Gradients.Length);
        foreach (OracleGradients.Case expected in oracle.Gradients)
        {
            var noise = new NoiseInjection(oracle.Seed, [.. network.AnalogNodes.Select(node => new NodeNoise(Law(node, expected.Law)))], oracle.FirstImage)
            {
                DifferentiatesDeviation = !expected.Detached,
            };
            double loss = 0;

            double[][] actual = network.Differentiate(images, oracle.Images, (logits, count, gradient) => loss = CrossEntropy(logits, count, gradient), noise, null).LogEnergy;

            double[] found = expected.Channels is null ? [.. actual.Select(node => node.Sum())] : [.. actual.SelectMany(node => node)];
            double[] wanted = expected.Layers ?? [.. expected.Channels!.SelectMany(node => node)];
            double scale = wanted.Max(Math.Abs);
            double largest = wanted.Zip(found, (w, f) => Math.Abs(w - f)).Max() / scale;
            output.WriteLine(
                $"{oracle.Model}, {expected.Law}, detached {expected.Detached}: loss {loss:f5} ({expected.Loss:f5}), {wanted.Length} gradients up to "
                    + $"{scale:g3}, largest difference {largest:e1} of that");
            Assert.Equal(wanted.Length, found.Length);
            Assert.Equal(expected.Loss, loss, 2e-5 * expected.Loss);
            Assert.InRange(largest, 0, tolerance);
        }
    }

    // The laws of make_gradients.py: E = 2, 3, 4, 2, ... along the channels, input range 1.
    private static ElementVariance Law(AnalogNode node, string law)
    {
        float[] constant = new float[node.Channels];
        float[] slope = new float[node.Channels];
        for (int channel = 0; channel < node.Channels; channel++)
        {
            double[] weights = [.. node.Weights.Span.Slice(channel * node.DotLength, node.DotLength).ToArray().Select(w => (double)w)];
            double spread = weights.Max() - weights.Min();
            double energy = 2 + channel % 3;
            (constant[channel], slope[channel]) = law switch
            {
                "thermal" => ((float)(node.DotLength * spread * spread * 1e-4 / energy), 0f),
                "weight" => (0f, (float)(spread * spread * 4e-4 / energy)),
                "shot" => (0f, (float)(weights.Sum(w => w * w) / (node.DotLength * 50 * energy))),
                _ => throw new ArgumentOutOfRangeException(nameof(law), law, null),
            };
        }

        return new ElementVariance([0, node.DotLength], constant, slope, new float[node.Channels]);
    }

    // Image i has label 3 i, counted around.
    private static double CrossEntropy(ReadOnlySpan<float> logits, int count, Span<float> gradient)
    {
        int classes = logits.Length / count;
        double loss = 0;
        for (int image = 0; image < count; image++)
        {
            double[] row = [.. logits.Slice(image * classes, classes).ToArray().Select(y => (double)y)];
            double largest = row.Max();
            double sum = row.Sum(y => Math.Exp(y - largest));
            int label = 3 * image % classes;
            loss += Math.Log(sum) + largest - row[label];
            for (int c = 0; c < classes; c++)
            {
                gradient[image * classes + c] = (float)(Math.Exp(row[c] - largest) / sum - (c == label ? 1 : 0));
            }
        }

        return loss;
    }
}
