using AnalogHil.Engine.Execution.Memory;
using AnalogHil.Engine.Noise;

namespace AnalogHil.Engine.Execution.Products;

/// <summary>One channel in, one out for every group: no matrix product but a sum over taps, channel by channel.</summary>
internal sealed unsafe class DepthwiseProduct : RowProduct
{
    public DepthwiseProduct(TapPattern pattern, int channels, Func<int, int, int, int, float> weight)
        : base(pattern, channels, channels)
    {
        float[] weights = Weights.ReserveDepthwise(pattern.Taps * channels);
        for (int tap = 0; tap < pattern.Taps; tap++)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                weights[tap * channels + channel] = weight(channel, tap, 0, 0);
            }
        }
    }

    public override void Measure(ScratchNeed need, int rows)
    {
        need.Pointers((long)Pattern.Taps * rows);
        need.Floats(ScratchBuffer.Zeros, SourceChannels);
    }

    public override void MeasureDisturbed(ScratchNeed need)
    {
        need.HeldDepthwise((long)Pattern.Taps * SourceChannels);
        need.Floats(ScratchBuffer.Normals, (long)Pattern.Taps * SourceChannels);
    }

    public override void Disturb(HeldLaw law, ulong seed, int node, long draw, ProductWeights target, Scratch scratch)
    {
        int taps = Pattern.Taps;
        float* added = scratch.Normals.Reserve((long)taps * SourceChannels);
        float[] disturbed = target.ReserveDepthwise(taps * SourceChannels);
        for (int channel = 0; channel < SourceChannels; channel++)
        {
            HeldNumbers.FillWeights(law, law.Weights, seed, node, draw, channel, 1, 0, taps, added + (nint)channel * taps);
        }

        for (int i = 0; i < taps * SourceChannels; i++)
        {
            (int tap, int channel) = Math.DivRem(i, SourceChannels);
            disturbed[i] = Weights.Depthwise[i] + added[channel * taps + tap];
        }
    }

    public override void Multiply(ProductWeights weights, float* source, int firstRow, int rows, float* result, bool accumulate, Scratch scratch)
    {
        int channels = SourceChannels;
        int taps = Pattern.Taps;
        float** pointers = scratch.Pointers.Reserve(taps * rows);
        Pattern.Fill(source, channels, 0, scratch.Zeros(channels), firstRow, rows, pointers);
        fixed (float* taken = weights.Depthwise)
        {
            int row = 0;
            for (; row <= rows - DepthwiseKernel.Rows; row += DepthwiseKernel.Rows)
            {
                DepthwiseKernel.FourRows(pointers + row, rows, taps, taken, channels, result + (nint)row * channels, accumulate);
            }

            for (; row < rows; row++)
            {
                DepthwiseKernel.OneRow(pointers + row, rows, taps, taken, channels, 0, result + (nint)row * channels, accumulate);
            }
        }
    }

    /// <summary>Products, and sums of squares of their patches, [rows x channels] both; the source is read once for both.</summary>
    public void Multiply(ProductWeights weights, float* source, int firstRow, int rows, float* result, float* squares, Scratch scratch)
    {
        int channels = SourceChannels;
        int taps = Pattern.Taps;
        float** pointers = scratch.Pointers.Reserve(taps * rows);
        Pattern.Fill(source, channels, 0, scratch.Zeros(channels), firstRow, rows, pointers);
        fixed (float* taken = weights.Depthwise)
        {
            int row = 0;
            for (; row <= rows - DepthwiseKernel.Rows; row += DepthwiseKernel.Rows)
            {
                nint at = (nint)row * channels;
                DepthwiseKernel.FourRowsWithSquares(pointers + row, rows, taps, taken, channels, result + at, squares + at);
            }

            for (; row < rows; row++)
            {
                nint at = (nint)row * channels;
                DepthwiseKernel.OneRow(pointers + row, rows, taps, taken, channels, 0, result + at, accumulate: false);
                DepthwiseKernel.SquareRow(pointers + row, rows, taps, channels, 0, squares + at);
            }
        }
    }
}
