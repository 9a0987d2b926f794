using AnalogHil.Core.Noise;
using AnalogHil.Engine.Tests.Onnx;
using Xunit.Abstractions;

namespace AnalogHil.Engine.Tests.Noise;

/// <summary>An error that goes with the product and that all channels of a position share: relative intensity noise.</summary>
public sealed class SharedGainTests(ITestOutputHelper output)
{
    private const int Count = 40;
    private static readonly OnnxNetwork Network = Networks.Create("plain").Load();
    private static readonly float[] Pictures = ModelWriter.Images(Network, Count);

    [Fact]
    public void SampleNodes_SharedGain_IsOneRelativeErrorOfAllChannelsOfAPosition()
    {
        const double Deviation = 0.05;
        foreach (AnalogNode node in Network.AnalogNodes)
        {
            var errors = new List<double>();
            Network.SampleNodes(Pictures, Count, Only(node, Deviation, seed: 3), (shown, clean, noisy) =>
            {
                for (int row = 0; shown.Index == node.Index && row < Count * node.Positions; row++)
                {
                    // Of the largest product, where rounding matters least; the other channels have the same.
                    int largest = row * node.Channels;
                    for (int i = largest + 1; i < (row + 1) * node.Channels; i++)
                    {
                        largest = Math.Abs(clean[i]) > Math.Abs(clean[largest]) ? i : largest;
                    }

                    double error = (noisy[largest] - clean[largest]) / (double)clean[largest];
                    errors.Add(error);
                    for (int i = row * node.Channels; i < (row + 1) * node.Channels; i++)
                    {
                        Assert.Equal(clean[i] * (1 + error), noisy[i], 1e-5 * Math.Abs(clean[largest]));
                    }
                }
            });

            // Seed 3; five standard errors of a mean, a variance and a correlation of neighbours: false alarms below 3e-6 for a node.
            int n = errors.Count;
            double mean = errors.Average() / Deviation;
            double variance = errors.Average(error => error * error) / (Deviation * Deviation);
            double neighbours = errors.Zip(errors.Skip(1), (a, b) => a * b).Average() / (Deviation * Deviation);
            output.WriteLine($"{node.Name}: {n} positions, mean {mean:0.000}, variance {variance:0.000}, correlation of neighbours {neighbours:0.000}");
            Assert.Equal(0, mean, 5 / Math.Sqrt(n));
            Assert.Equal(1, variance, 5 * Math.Sqrt(2.0 / n));
            Assert.Equal(0, neighbours, 5 / Math.Sqrt(n));
        }
    }

    [Fact]
    public void Forward_SharedGain_DoesNotDependOnBatchesOrThreads()
    {
        NoiseInjection noise = Laws.WithSharedGain(Network, Laws.Injection(Network, 5));
        float[] whole = new float[Count * Network.Classes];
        float[] parts = new float[whole.Length];
        Network.Forward(Pictures, Count, whole, noise);
        OnnxNetwork threaded = Networks.Create("plain").Load(new EngineOptions { Threads = 3 });
        for (int first = 0; first < Count; first += 8)
        {
            threaded.Forward(
                Pictures.AsSpan(first * Network.InputShape.Size), 8, parts.AsSpan(first * Network.Classes), noise with { FirstImage = first });
        }

        Assert.Equal(whole, parts);
        float[] bound = new float[whole.Length];
        Network.Forward(Pictures, Count, bound, noise with { Nodes = Network.Bind(noise.Nodes) });
        Assert.Equal(whole, bound);
    }

    [Fact]
    public void Differentiate_Sensitivity_IsThatOfAnErrorOfTheWholePosition()
    {
        // Of the last product g is what the loss gives: 1/2 variance (sum over channels of g y)^2, whatever the channels' own.
        AnalogNode last = Network.AnalogNodes[^1];
        float[] given = [.. Enumerable.Range(0, Count * Network.Classes).Select(i => MathF.Cos(i))];
        double expected = 0;
        Network.SampleNodes(Pictures, Count, new NoiseInjection(1, new NodeNoise?[Network.AnalogNodes.Count]), (node, clean, _) =>
        {
            for (int image = 0; node.Index == last.Index && image < Count; image++)
            {
                double sum = 0;
                for (int i = 0; i < node.Channels; i++)
                {
                    sum += (double)given[image * node.Channels + i] * clean[image * node.Channels + i];
                }

                expected += 0.5 * 0.0025 * sum * sum;
            }
        });
        Assert.Equal(1, last.Positions);
        NetworkGradients gradients = Network.Differentiate(
            Pictures, Count, (_, _, gradient) => given.CopyTo(gradient), null, [.. Network.AnalogNodes.Select(node => Gain(node, 0.05))]);
        Assert.Equal(expected, gradients.Sensitivity[last.Index].Sum(), 1e-4 * expected);
        Assert.All(gradients.Sensitivity, node => Assert.True(node.Sum() > 0));
    }

    [Fact]
    public void Differentiate_SensitivityOfSeveralPositions_IsTheMeanSquareOfWhatTheirOwnErrorsDo()
    {
        // To first order the loss moves by -2 dL/d ln E with each draw, and half the mean of its square is the sensitivity: errors of positions are independent. Seeds
        // 1 to 800: five standard errors, false alarms below 1e-5 for all nodes. Errors that positions shared would make up several times as much.
        const int Draws = 800;
        const double Deviation = 1e-3;
        float[] image = Pictures[..Network.InputShape.Size];
        LogitGradient loss = static (_, _, gradient) =>
        {
            for (int i = 0; i < gradient.Length; i++)
            {
                gradient[i] = MathF.Cos(i);
            }
        };
        foreach (AnalogNode node in Network.AnalogNodes.Where(node => node.Positions > 1))
        {
            double told = Network.Differentiate(image, 1, loss, null, [.. Network.AnalogNodes.Select(one => Gain(one, Deviation))]).Sensitivity[node.Index].Sum();
            double squares = 0;
            for (ulong seed = 1; seed <= Draws; seed++)
            {
                double move = -2 * Network.Differentiate(image, 1, loss, Only(node, Deviation, seed), null).LogEnergy[node.Index].Sum();
                squares += move * move;
            }

            output.WriteLine($"{node.Name}: {node.Positions} positions, sensitivity {told:G3}, half the mean square {squares / (2 * Draws):G3}");
            Assert.Equal(1, squares / (2 * Draws) / told, 5 * Math.Sqrt(2.0 / Draws));
        }

        Assert.Contains(Network.AnalogNodes, node => node.Positions > 1);
    }

    [Fact]
    public void Bind_WrongOrMixedGains_AreRefusedByName()
    {
        AnalogNode node = Network.AnalogNodes[0];
        ElementVariance law = Laws.Constant(node, 1);
        Assert.Contains("SharedGain", Refused(new NodeNoise(law with { SharedGain = [1] })), StringComparison.Ordinal);
        Assert.Contains("SharedGain", Refused(new NodeNoise(law with { SharedGain = [.. Enumerable.Repeat(-1f, node.Channels)] })), StringComparison.Ordinal);
        string mixed = Refused(new NodeNoise(Gain(node, 0.1)) { Held = new HeldNoise(law) { ImagesPerDraw = 1 } });
        Assert.Contains(node.Name, mixed, StringComparison.Ordinal);
        Assert.Contains("held", mixed, StringComparison.Ordinal);
    }

    [Fact]
    public void Bind_HeldErrorThatChannelsShare_IsRefused()
    {
        AnalogNode node = Network.AnalogNodes[0];
        Assert.Contains(
            node.Name, Refused(new NodeNoise(Laws.Constant(node, 0)) { Held = new HeldNoise(Gain(node, 0.1)) { ImagesPerDraw = 1 } }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    public void Differentiate_EnergyRemovesAShareOfTheError_IsThatShareOfTheWholeSlope(double share)
    {
        double[] whole = Slopes(null);
        double[] part = Slopes(share);
        Assert.All(whole.Zip(part), pair => Assert.Equal(share * pair.First, pair.Second, 1e-6 * whole.Max(Math.Abs)));
        Assert.True(whole.Max(Math.Abs) > 0);

        double[] Slopes(double? kept) => Network.Differentiate(
            Pictures,
            Count,
            (_, _, gradient) => gradient.Fill(1),
            new NoiseInjection(
                3,
                [
                    .. Network.AnalogNodes.Select(node => new NodeNoise(Gain(node, 0.1), kept is { } of
                        ? Laws.Constant(node, 0) with { SharedGain = [.. Enumerable.Repeat((float)(0.01 * of), node.Channels)] }
                        : null)),
                ]),
            null).LogEnergy.SelectMany(node => node).ToArray();
    }

    [Fact]
    public void Forward_BehindADigitalGain_IsTheSameRelativeError()
    {
        // A last product of one position: logits with a gain of 2 are bias and twice the noisy product.
        NodeCorrection?[] corrections = new NodeCorrection?[Network.AnalogNodes.Count];
        AnalogNode last = Network.AnalogNodes[^1];
        corrections[^1] = new NodeCorrection([.. Enumerable.Repeat(2f, last.Channels)], new float[last.Channels]);
        OnnxNetwork gained = Network.Corrected(corrections);
        NoiseInjection noise = Only(last, 0.1, seed: 9);
        float[] clean = Logits(Network, null);
        float[] noisy = Logits(Network, noise);
        float[] cleanGained = Logits(gained, null);
        float[] noisyGained = Logits(gained, noise);
        for (int i = 0; i < clean.Length; i++)
        {
            Assert.Equal(2 * (noisy[i] - clean[i]), noisyGained[i] - cleanGained[i], 1e-4);
        }

        static float[] Logits(OnnxNetwork network, NoiseInjection? injection)
        {
            float[] logits = new float[Count * network.Classes];
            network.Forward(Pictures, Count, logits, injection);
            return logits;
        }
    }

    private static string Refused(NodeNoise first) =>
        Assert.Throws<ArgumentException>(() => Network.Bind([first, .. new NodeNoise?[Network.AnalogNodes.Count - 1]])).Message;

    private static NoiseInjection Only(AnalogNode node, double deviation, ulong seed) =>
        new(seed, [.. Network.AnalogNodes.Select(other => other.Index == node.Index ? new NodeNoise(Gain(other, deviation)) : null)]);

    private static ElementVariance Gain(AnalogNode node, double deviation) => Laws.Constant(node, 0) with
    {
        SharedGain = [.. Enumerable.Repeat((float)(deviation * deviation), node.Channels)],
    };
}
