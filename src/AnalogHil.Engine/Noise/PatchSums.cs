using AnalogHil.Engine.Execution;
using AnalogHil.Engine.Execution.Memory;
using AnalogHil.Engine.Execution.Passes;
using AnalogHil.Engine.Execution.Products;
using AnalogHil.Engine.Graph.Operations;

namespace AnalogHil.Engine.Noise;

/// <summary>
/// Sums of x^2 and |x| over the patches of a product, which its noise depends on. Each pixel is summed over its group's channels once; a
/// patch is then a box filter over that plane (1 / (channels x outputs) of the convolution's work). Only taps that a row block cuts in two
/// are summed again.
/// </summary>
internal sealed unsafe class PatchSums(ProductGeometry geometry, TapPattern pattern)
{
    /// <summary>Notes the working memory for noise of all three terms, one row block, <paramref name="rows"/> rows at once.</summary>
    public void Measure(ScratchNeed need, int images, int rows)
    {
        long pixels = (long)images * geometry.Pixels * geometry.Groups;
        long sums = (long)rows * geometry.Groups;
        need.Floats(ScratchBuffer.PixelSquares, pixels);
        need.Floats(ScratchBuffer.PixelMagnitudes, pixels);
        need.Floats(ScratchBuffer.SquareSums, geometry.IsPointwise ? 0 : sums);
        need.Floats(ScratchBuffer.MagnitudeSums, sums);
    }

    /// <summary>Sums over the channels of every pixel of the batch, for the laws that will be evaluated.</summary>
    public void SumPixels(float* input, int images, bool squares, bool magnitudes, Scratch scratch)
    {
        int pixels = images * geometry.Pixels;
        if (squares)
        {
            float* plane = scratch.PixelSquares.Reserve((long)pixels * geometry.Groups);
            SumPixels(input, pixels, plane, squared: true);
        }

        if (magnitudes)
        {
            float* plane = scratch.PixelMagnitudes.Reserve((long)pixels * geometry.Groups);
            SumPixels(input, pixels, plane, squared: false);
        }
    }

    /// <summary>
    /// Sums of squares of the patches of rows <paramref name="firstRow"/> .., [rows x groups], over the whole window; <see cref="SumPixels(float*, int,
    /// bool, bool, Scratch)"/> comes first.
    /// </summary>
    public float* Squares(ForwardContext context, int firstRow, int rows, Scratch scratch)
    {
        int groups = geometry.Groups;
        float* pixels = context.Scratch.PixelSquares.Reserve((long)context.Images * geometry.Pixels * groups);
        if (geometry.IsPointwise)
        {
            return pixels + (nint)firstRow * groups;
        }

        float* squares = scratch.SquareSums.Reserve((long)rows * groups);
        new Span<float>(squares, rows * groups).Clear();
        pattern.AddWindows(pixels, groups, 0, pattern.Taps, firstRow, rows, squares);
        return squares;
    }

    /// <summary>
    /// Variance of every element of rows <paramref name="firstRow"/> .., [rows x output channels]; <see cref="SumPixels(float*, int, bool, bool,
    /// Scratch)"/> comes first.
    /// </summary>
    /// <param name="law">The law.</param>
    /// <param name="input">The block's input.</param>
    /// <param name="context">The block, whose own working memory holds the pixels' sums.</param>
    /// <param name="firstRow">First row, counted over the block's images.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="variances">To be filled.</param>
    /// <param name="scratch">Working memory of the thread.</param>
    public void Evaluate(NoiseLaw law, float* input, ForwardContext context, int firstRow, int rows, float* variances, Scratch scratch)
    {
        int groups = geometry.Groups;
        float* squares = null;
        float* magnitudes = null;
        if (law.UsesSquares && law.Blocks == 1)
        {
            squares = Squares(context, firstRow, rows, scratch);
        }
        else if (law.UsesSquares)
        {
            nint plane = (nint)rows * groups;
            squares = scratch.SquareSums.Reserve(plane * law.Blocks);
            new Span<float>(squares, (int)(plane * law.Blocks)).Clear();
            float* pixels = context.Scratch.PixelSquares.Reserve((long)context.Images * geometry.Pixels * groups);
            for (int i = 0; i < law.Segments.Count; i++)
            {
                BlockSegment segment = law.Segments[i];
                if (segment.Whole)
                {
                    pattern.AddWindows(pixels, groups, segment.Tap, 1, firstRow, rows, squares + segment.Block * plane);
                }
                else
                {
                    AddPart(input, segment, firstRow, rows, squares + segment.Block * plane);
                }
            }
        }

        if (law.UsesMagnitudes)
        {
            magnitudes = scratch.MagnitudeSums.Reserve((long)rows * groups);
            new Span<float>(magnitudes, rows * groups).Clear();
            pattern.AddWindows(
                context.Scratch.PixelMagnitudes.Reserve((long)context.Images * geometry.Pixels * groups), groups, 0, pattern.Taps, firstRow, rows, magnitudes);
        }

        VarianceKernel.Fill(law, squares, magnitudes, rows, groups, geometry.GroupOutputs, variances);
        if (law.TapShares is { } shares && squares != null)
        {
            LeaveOutPadding(law, shares, squares, firstRow, rows, variances);
        }
    }

    // Border rows are few: each takes its missing taps' shares out again.
    private void LeaveOutPadding(NoiseLaw law, float[] shares, float* squares, int firstRow, int rows, float* variances)
    {
        int taps = geometry.Taps;
        int channels = geometry.OutputChannels;
        for (int row = 0; row < rows; row++)
        {
            for (int tap = 0; tap < taps; tap++)
            {
                if (pattern.Pixel(firstRow + row, tap) >= 0)
                {
                    continue;
                }

                for (int channel = 0; channel < channels; channel++)
                {
                    float part = law.Square[channel] * shares[channel * taps + tap] * squares[(nint)row * geometry.Groups + channel / geometry.GroupOutputs];
                    float* variance = variances + (nint)row * channels + channel;
                    *variance = Math.Max(0, *variance - part);
                }
            }
        }
    }

    private void SumPixels(float* input, int pixels, float* plane, bool squared)
    {
        int inputs = geometry.GroupInputs;
        int count = pixels * geometry.Groups;
        if (inputs == 1)
        {
            VarianceKernel.Magnify(input, plane, count, squared);
            return;
        }

        for (int i = 0; i < count; i++, input += inputs)
        {
            plane[i] = squared ? RowKernels.SumOfSquares(input, inputs) : RowKernels.SumOfMagnitudes(input, inputs);
        }
    }

    private void AddPart(float* input, BlockSegment segment, int firstRow, int rows, float* sums)
    {
        int groups = geometry.Groups;
        for (int row = 0; row < rows; row++)
        {
            int pixel = pattern.Pixel(firstRow + row, segment.Tap);
            if (pixel < 0)
            {
                continue;
            }

            float* channels = input + (nint)pixel * geometry.InputChannels + segment.Channel;
            for (int group = 0; group < groups; group++)
            {
                sums[(nint)row * groups + group] += RowKernels.SumOfSquares(channels + (nint)group * geometry.GroupInputs, segment.Length);
            }
        }
    }
}
