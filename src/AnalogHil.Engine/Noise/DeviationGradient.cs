using System.Runtime.Intrinsics;
using AnalogHil.Engine.Execution.Memory;
using AnalogHil.Engine.Execution.Products;
using AnalogHil.Engine.Graph.Operations;

namespace AnalogHil.Engine.Noise;

/// <summary>
/// The part of dL / d input that comes from the noise deviation's own dependence on the input, with the normal numbers held. For the element of
/// channel i at position p, <c>z = y + n sqrt(v)</c> with <c>v = Constant + sum_b SquareSlope_b X_b + AbsoluteSlope M</c>, hence
/// <c>dz / dx_k = W_ik + n (2 SquareSlope_b x_k + AbsoluteSlope sign(x_k)) / (2 sqrt(v))</c>; this adds the second term.
/// </summary>
/// <remarks>
/// The channels of a group share their patch, so they are summed first, one number for each row block and one for the magnitudes; spreading
/// these over the window then costs one output channel's share of the convolution. Where v = 0 or x = 0 the derivative has a corner, and zero is taken.
/// </remarks>
internal sealed unsafe class DeviationGradient(ProductGeometry geometry, TapPattern pattern)
{
    private const int Lanes = 8;
    private readonly BlockSegment[] _taps = [.. Enumerable.Range(0, geometry.Taps).Select(tap => new BlockSegment(0, tap, 0, geometry.GroupInputs, true))];

    /// <summary>Adds it for rows <paramref name="firstRow"/> .. to the gradient of the block's input.</summary>
    /// <param name="law">Law of the noise.</param>
    /// <param name="gradients">dL / dz, [rows x output channels].</param>
    /// <param name="normals">n, likewise.</param>
    /// <param name="variances">v, likewise.</param>
    /// <param name="input">The block's input.</param>
    /// <param name="firstRow">First row, counted over all images of the block.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="inputGradient">Added to; laid out as the input.</param>
    /// <param name="scratch">Working memory of the thread.</param>
    public void Add(
        NoiseLaw law, float* gradients, float* normals, float* variances, float* input, int firstRow, int rows, float* inputGradient, Scratch scratch)
    {
        int groups = geometry.Groups;
        int width = geometry.GroupInputs;
        int sums = law.Blocks + 1;
        float* pulls = scratch.DeviationPulls.Reserve((long)sums * groups);
        IReadOnlyList<BlockSegment> segments = law.Blocks == 1 ? _taps : law.Segments;
        for (int row = 0; row < rows; row++)
        {
            nint at = (nint)row * geometry.OutputChannels;
            SumPulls(law, gradients + at, normals + at, variances + at, pulls);
            foreach (BlockSegment segment in segments)
            {
                int pixel = pattern.Pixel(firstRow + row, segment.Tap);
                if (pixel < 0)
                {
                    continue;
                }

                nint channels = (nint)pixel * geometry.InputChannels + segment.Channel;
                float* squares = pulls + (nint)segment.Block * groups;
                float* magnitudes = pulls + (nint)law.Blocks * groups;
                if (width == 1)
                {
                    Spread(input + channels, squares, magnitudes, inputGradient + channels, groups);
                    continue;
                }

                for (int group = 0; group < groups; group++, channels += width)
                {
                    Spread(input + channels, squares[group], magnitudes[group], inputGradient + channels, segment.Length);
                }
            }
        }
    }

    // [blocks x groups] sums of g n SquareSlope / sqrt(v), then [groups] of g n AbsoluteSlope / (2 sqrt(v)), over a group's channels in order.
    private void SumPulls(NoiseLaw law, float* gradients, float* normals, float* variances, float* pulls)
    {
        int channels = geometry.OutputChannels;
        int outputs = geometry.GroupOutputs;
        int groups = geometry.Groups;
        new Span<float>(pulls, (law.Blocks + 1) * groups).Clear();
        for (int group = 0; group < groups; group++)
        {
            for (int channel = group * outputs; channel < (group + 1) * outputs; channel++)
            {
                float pull = variances[channel] > 0 ? gradients[channel] * normals[channel] / MathF.Sqrt(variances[channel]) : 0;
                for (int block = 0; block < law.Blocks; block++)
                {
                    pulls[block * groups + group] += pull * law.Square[block * channels + channel];
                }

                pulls[law.Blocks * groups + group] += 0.5f * pull * law.Absolute[channel];
            }
        }
    }

    private static void Spread(float* input, float square, float magnitude, float* target, int count)
    {
        int i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            Vector256<float> x = Vector256.Load(input + i);
            Vector256.FusedMultiplyAdd(x, Vector256.Create(square), Vector256.Load(target + i) + Signed(x, Vector256.Create(magnitude))).Store(target + i);
        }

        for (; i < count; i++)
        {
            target[i] = MathF.FusedMultiplyAdd(input[i], square, target[i] + Signed(input[i], magnitude));
        }
    }

    // Depthwise: each channel has sums of its own.
    private static void Spread(float* input, float* squares, float* magnitudes, float* target, int count)
    {
        int i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            Vector256<float> x = Vector256.Load(input + i);
            Vector256.FusedMultiplyAdd(x, Vector256.Load(squares + i), Vector256.Load(target + i) + Signed(x, Vector256.Load(magnitudes + i))).Store(target + i);
        }

        for (; i < count; i++)
        {
            target[i] = MathF.FusedMultiplyAdd(input[i], squares[i], target[i] + Signed(input[i], magnitudes[i]));
        }
    }

    private static Vector256<float> Signed(Vector256<float> x, Vector256<float> magnitude) => Vector256.ConditionalSelect(
        Vector256.GreaterThan(x, Vector256<float>.Zero),
        magnitude,
        Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256<float>.Zero), -magnitude, Vector256<float>.Zero));

    private static float Signed(float x, float magnitude) => x > 0 ? magnitude : x < 0 ? -magnitude : 0;
}
