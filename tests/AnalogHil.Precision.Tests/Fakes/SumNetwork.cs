using AnalogHil.Core.Noise;
using AnalogHil.Core.Numerics;
using AnalogHil.Engine;

namespace AnalogHil.Precision.Tests.Fakes;

/// <summary>A network small enough to be known in closed form: logits = sum_l W_l x, each W_l x an analog product of the same image.</summary>
internal sealed class SumNetwork : INetwork
{
    private readonly int _length;

    public SumNetwork(int length, params float[][] weights)
    {
        _length = length;
        Classes = weights[0].Length / length;
        AnalogNodes =
        [
            .. weights.Select((w, l) => new AnalogNode
            {
                Index = l, Name = $"fc{l}", Operator = "Gemm", DotLength = length, Channels = Classes, Groups = 1, Positions = 1, Weights = w,
            }),
        ];
    }

    public static SumNetwork Random(int length, int classes, ulong seed, params float[] scales) => new(
        length,
        [
            .. scales.Select((scale, l) =>
            {
                float[] w = new float[length * classes];
                GaussianGenerator.Fill(GaussianKey.Derive(seed, (ulong)l), 0, w);
                return w.Select(value => scale * value).ToArray();
            }),
        ]);

    public string Name => "sum";

    public ImageShape InputShape => new(1, 1, _length);

    public int Classes { get; }

    public IReadOnlyList<AnalogNode> AnalogNodes { get; }

    public void Forward(ReadOnlySpan<float> images, int count, Span<float> logits, NoiseInjection? noise = null)
    {
        logits.Clear();
        for (int i = 0; i < count; i++)
        {
            foreach (AnalogNode node in AnalogNodes)
            {
                float[] product = Product(node, images.Slice(i * _length, _length), noise, i, out _);
                for (int c = 0; c < Classes; c++)
                {
                    logits[i * Classes + c] += product[c];
                }
            }
        }
    }

    public async ValueTask ForwardAsync(
        ReadOnlyMemory<float> images, int count, Memory<float> logits, IProductRoute route, CancellationToken cancellationToken)
    {
        logits.Span.Clear();
        float[] products = new float[count * Classes];
        foreach (AnalogNode node in AnalogNodes)
        {
            await route.MultiplyAsync(node, 0, images, count, products, cancellationToken);
            for (int i = 0; i < products.Length; i++)
            {
                logits.Span[i] += products[i];
            }
        }
    }

    public NetworkGradients Differentiate(
        ReadOnlySpan<float> images, int count, LogitGradient loss, NoiseInjection? noise, IReadOnlyList<ElementVariance>? sensitivityAt)
    {
        float[] logits = new float[count * Classes];
        float[] gradient = new float[count * Classes];
        Forward(images, count, logits, noise);
        loss(logits, count, gradient);
        double[][] logEnergy = [.. AnalogNodes.Select(node => new double[node.Channels])];
        double[][] sensitivity = [.. AnalogNodes.Select(node => new double[node.Channels])];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<float> x = images.Slice(i * _length, _length);
            foreach (AnalogNode node in AnalogNodes)
            {
                Product(node, x, noise, i, out float[] added);
                for (int c = 0; c < Classes; c++)
                {
                    double g = gradient[i * Classes + c];
                    NodeNoise? law = noise?.Nodes[node.Index];
                    if (law is not null && added[c] != 0)
                    {
                        double share = law.EnergySlope is null ? 1 : law.EnergySlope.Evaluate(c, x) / law.Variance.Evaluate(c, x);
                        logEnergy[node.Index][c] -= 0.5 * added[c] * g * share;
                    }

                    sensitivity[node.Index][c] += 0.5 * (sensitivityAt?[node.Index].Evaluate(c, x) ?? 0) * g * g;
                }
            }
        }

        return new NetworkGradients(logEnergy, sensitivity);
    }

    public void SampleNodes(ReadOnlySpan<float> images, int count, NoiseInjection noise, NodeSampler sampler)
    {
        foreach (AnalogNode node in AnalogNodes)
        {
            float[] clean = new float[count * Classes];
            float[] noisy = new float[count * Classes];
            for (int i = 0; i < count; i++)
            {
                float[] product = Product(node, images.Slice(i * _length, _length), noise, i, out float[] added);
                for (int c = 0; c < Classes; c++)
                {
                    noisy[i * Classes + c] = product[c];
                    clean[i * Classes + c] = product[c] - added[c];
                }
            }

            sampler(node, clean, noisy);
        }
    }

    public InputRange[] ObserveRanges(ReadOnlySpan<float> images, int count)
    {
        float low = 0;
        float high = 0;
        foreach (float x in images[..(count * _length)])
        {
            low = Math.Min(low, x);
            high = Math.Max(high, x);
        }

        return [.. AnalogNodes.Select(_ => new InputRange(low, high))];
    }

    private float[] Product(AnalogNode node, ReadOnlySpan<float> x, NoiseInjection? noise, int image, out float[] added)
    {
        float[] product = new float[Classes];
        added = new float[Classes];
        NodeNoise? law = noise?.Nodes[node.Index];
        if (law is not null)
        {
            GaussianGenerator.Fill(GaussianKey.Derive(noise!.Seed, (ulong)node.Index, (ulong)(noise.FirstImage + image)), 0, added);
        }

        // Weights that are held off by one number each, for as many images as share a draw.
        float[] off = new float[Classes * _length];
        if (law?.Held is { } held)
        {
            GaussianGenerator.Fill(GaussianKey.Derive(noise!.Seed, 0x4E1D, (ulong)node.Index, (ulong)((noise.FirstImage + image) / held.ImagesPerDraw)), 0, off);
            for (int i = 0; i < off.Length; i++)
            {
                off[i] *= MathF.Sqrt(held.Variance.SquareSlope[i / _length]);
            }
        }

        for (int c = 0; c < Classes; c++)
        {
            double sum = 0;
            for (int k = 0; k < _length; k++)
            {
                sum += ((double)node.Weights.Span[c * _length + k] + off[c * _length + k]) * x[k];
            }

            added[c] *= law is null ? 0 : (float)Math.Sqrt(law.Variance.Evaluate(c, x));
            product[c] = (float)sum + added[c];
        }

        return product;
    }
}
