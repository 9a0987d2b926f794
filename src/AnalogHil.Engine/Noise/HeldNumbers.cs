using AnalogHil.Core.Numerics;
using AnalogHil.Engine.Execution;

namespace AnalogHil.Engine.Noise;

/// <summary>
/// The numbers of held noise. The weight of (group, k, output) has number (group x N + k) x outputs + output of its node's and draw's stream, an offset the
/// number of its channel in
/// another one: nothing depends on threads, blocks or calls.
/// </summary>
internal static unsafe class HeldNumbers
{
    private const ulong WeightStream = 1;
    private const ulong OffsetStream = 2;

    /// <summary>What is added to the weights of one group, [rows x outputs], for dot-product positions <paramref name="first"/> ...</summary>
    /// <param name="law">The law.</param>
    /// <param name="deviations">[blocks x channels]: the law's deviations, or their slopes.</param>
    /// <param name="seed">Seed of the run.</param>
    /// <param name="node">Index of the node.</param>
    /// <param name="draw">The draw.</param>
    /// <param name="group">The group.</param>
    /// <param name="outputs">Channels of a group.</param>
    /// <param name="first">First position.</param>
    /// <param name="rows">Positions.</param>
    /// <param name="target">To be filled.</param>
    public static void FillWeights(HeldLaw law, float[] deviations, ulong seed, int node, long draw, int group, int outputs, int first, int rows, float* target)
    {
        GaussianKey key = GaussianKey.Derive(seed, (ulong)node, (ulong)draw, WeightStream);
        GaussianGenerator.Fill(key, ((ulong)group * (ulong)law.DotLength + (ulong)first) * (ulong)outputs, new Span<float>(target, rows * outputs));
        int block = 0;
        fixed (float* factors = deviations)
        {
            for (int row = 0; row < rows; row++, target += outputs)
            {
                while (first + row >= law.BlockStarts[block + 1])
                {
                    block++;
                }

                RowKernels.Multiply(target, target, factors + (nint)block * law.Channels + (nint)group * outputs, outputs);
            }
        }
    }

    /// <summary>What is added to every channel from <paramref name="channel"/> on; 0 where the law has no offsets.</summary>
    public static void FillOffsets(HeldLaw law, float[] deviations, ulong seed, int node, long draw, int channel, int channels, float* target)
    {
        var offsets = new Span<float>(target, channels);
        if (!law.DrawsOffsets)
        {
            offsets.Clear();
            return;
        }

        GaussianGenerator.Fill(GaussianKey.Derive(seed, (ulong)node, (ulong)draw, OffsetStream), (ulong)channel, offsets);
        fixed (float* factors = deviations)
        {
            RowKernels.Multiply(target, target, factors + channel, channels);
        }
    }
}
