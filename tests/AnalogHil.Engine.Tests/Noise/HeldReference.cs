using AnalogHil.Core.Numerics;

namespace AnalogHil.Engine.Tests.Noise;

/// <summary>
/// The numbers of held noise of one node and image in double precision, straight from the definition: a number for every weight, one for every channel.
/// </summary>
internal sealed class HeldReference
{
    private readonly AnalogNode _node;
    private readonly double[] _weights;
    private readonly double[] _offsets;

    public HeldReference(AnalogNode node, HeldNoise noise, ulong seed, long image)
    {
        _node = node;
        ulong draw = (ulong)(image / noise.ImagesPerDraw);
        float[] weights = new float[node.Channels * node.DotLength];
        float[] offsets = new float[node.Channels];
        GaussianGenerator.Fill(GaussianKey.Derive(seed, (ulong)node.Index, draw, 1), 0, weights);
        GaussianGenerator.Fill(GaussianKey.Derive(seed, (ulong)node.Index, draw, 2), 0, offsets);
        _offsets = [.. offsets.Select((n, i) => n * Math.Sqrt(noise.Variance.Constant[i]))];
        _weights = new double[weights.Length];
        for (int channel = 0; channel < node.Channels; channel++)
        {
            (int group, int output) = Math.DivRem(channel, node.GroupChannels);
            for (int k = 0; k < node.DotLength; k++)
            {
                int block = Array.FindLastIndex(noise.Variance.BlockStarts, start => start <= k);
                float number = weights[(group * node.DotLength + k) * node.GroupChannels + output];
                _weights[channel * node.DotLength + k] = number * Math.Sqrt(noise.Variance.SquareSlope[block * node.Channels + channel]);
            }
        }
    }

    /// <summary>What a channel is off by for one patch.</summary>
    public double Error(int channel, double[] patch) =>
        _offsets[channel] + patch.Select((x, k) => x * _weights[channel * _node.DotLength + k]).Sum();
}
