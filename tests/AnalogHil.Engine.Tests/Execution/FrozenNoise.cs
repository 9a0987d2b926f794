using AnalogHil.Core.Noise;
using AnalogHil.Core.Numerics;
using AnalogHil.Engine.Tests.Noise;
using AnalogHil.Engine.Tests.Onnx;

namespace AnalogHil.Engine.Tests.Execution;

/// <summary>
/// The noise of an injection in double precision with its normal numbers held, as a change of a <see cref="ReferenceNetwork"/>: a loss that can be
/// differentiated numerically.
/// </summary>
internal sealed class FrozenNoise
{
    private readonly NoiseInjection _injection;
    private readonly Dictionary<string, AnalogNode> _nodes;
    private readonly Dictionary<(int Image, int Node), float[]> _normals = [];
    private readonly Dictionary<(int Image, int Node), double[]> _deviations = [];
    private readonly Dictionary<(int Image, int Node), double[]> _held = [];
    private readonly Dictionary<(int Image, int Node), double[]> _shared = [];

    public FrozenNoise(INetwork network, NoiseInjection injection)
    {
        _injection = injection;
        _nodes = network.AnalogNodes.ToDictionary(node => node.Name);
    }

    /// <summary>Whether the deviations of the first run of an image are kept for all later ones: what detached gradients belong to.</summary>
    public bool HoldsDeviations { get; init; }

    /// <summary>Noise of one image, with ln E of one channel (or of a whole node, channel -1) moved.</summary>
    public ReferenceNetwork.ProductNoise Of(int image, int movedNode = -1, int movedChannel = -1, double logEnergy = 0) => (product, patch, values) =>
    {
        AnalogNode node = _nodes[product];
        double[] deviations = Deviations(image, node, patch);
        double[] held = Held(image, node, patch);
        float[] normals = Normals(image, node);
        double[] shared = Shared(image, node, patch);
        for (int i = 0; i < values.Length; i++)
        {
            (int channel, int position) = Math.DivRem(i, node.Positions);
            bool moved = node.Index == movedNode && (movedChannel < 0 || movedChannel == channel);
            double error = deviations[i] * normals[position * node.Channels + channel] + held[i] + shared[i];
            values[i] += error * (moved ? Math.Exp(-logEnergy / 2) : 1);
        }
    };

    // [channels x positions] errors that go with the product and are shared by the channels of a position.
    private double[] Shared(int image, AnalogNode node, Func<int, int, double[]> patch)
    {
        double[] errors = new double[node.Channels * node.Positions];
        if (_injection.Nodes[node.Index]!.Variance.SharedGain is not { } gains)
        {
            return errors;
        }

        if (HoldsDeviations && _shared.TryGetValue((image, node.Index), out double[]? known))
        {
            return known;
        }

        float[] numbers = new float[node.Positions];
        GaussianGenerator.Fill(GaussianKey.Derive(_injection.Seed, (ulong)node.Index, (ulong)(_injection.FirstImage + image), 3), 0, numbers);
        for (int i = 0; i < errors.Length; i++)
        {
            (int channel, int position) = Math.DivRem(i, node.Positions);
            double product = 0;
            foreach ((double x, float weight) in patch(channel / node.GroupChannels, position).Zip(node.Weights.Span.Slice(channel * node.DotLength, node.DotLength).ToArray()))
            {
                product += x * weight;
            }

            errors[i] = product * numbers[position] * Math.Sqrt(gains[channel]);
        }

        return _shared[(image, node.Index)] = errors;
    }

    // [channels x positions] errors of what is held: sum_k D_ik x_pk and the offset of the channel.
    private double[] Held(int image, AnalogNode node, Func<int, int, double[]> patch)
    {
        if (_injection.Nodes[node.Index]!.Held is not { } held)
        {
            return new double[node.Channels * node.Positions];
        }

        if (HoldsDeviations && _held.TryGetValue((image, node.Index), out double[]? known))
        {
            return known;
        }

        var numbers = new HeldReference(node, held, _injection.Seed, _injection.FirstImage + image);
        double[] errors = new double[node.Channels * node.Positions];
        for (int i = 0; i < errors.Length; i++)
        {
            (int channel, int position) = Math.DivRem(i, node.Positions);
            errors[i] = numbers.Error(channel, patch(channel / node.GroupChannels, position));
        }

        return _held[(image, node.Index)] = errors;
    }

    private double[] Deviations(int image, AnalogNode node, Func<int, int, double[]> patch)
    {
        if (HoldsDeviations && _deviations.TryGetValue((image, node.Index), out double[]? held))
        {
            return held;
        }

        ElementVariance law = _injection.Nodes[node.Index]!.Variance;
        double[] deviations = new double[node.Channels * node.Positions];
        for (int group = 0; group < node.Groups; group++)
        {
            for (int position = 0; position < node.Positions; position++)
            {
                double[] x = patch(group, position);
                double magnitude = x.Sum(Math.Abs);
                double[] squares = [.. Enumerable.Range(0, law.Blocks).Select(b => x[law.BlockStarts[b]..law.BlockStarts[b + 1]].Sum(v => v * v))];
                for (int channel = group * node.GroupChannels; channel < (group + 1) * node.GroupChannels; channel++)
                {
                    double variance = law.Constant[channel] + law.AbsoluteSlope[channel] * magnitude;
                    for (int b = 0; b < squares.Length; b++)
                    {
                        variance += law.SquareSlope[b * node.Channels + channel] * squares[b];
                    }

                    deviations[channel * node.Positions + position] = Math.Sqrt(variance);
                }
            }
        }

        return _deviations[(image, node.Index)] = deviations;
    }

    private float[] Normals(int image, AnalogNode node)
    {
        if (!_normals.TryGetValue((image, node.Index), out float[]? normals))
        {
            normals = _normals[(image, node.Index)] = new float[node.Positions * node.Channels];
            GaussianGenerator.Fill(GaussianKey.Derive(_injection.Seed, (ulong)node.Index, (ulong)(_injection.FirstImage + image)), 0, normals);
        }

        return normals;
    }
}
