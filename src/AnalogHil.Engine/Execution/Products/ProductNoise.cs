using AnalogHil.Core.Numerics;
using AnalogHil.Engine.Execution.Memory;
using AnalogHil.Engine.Execution.Passes;
using AnalogHil.Engine.Graph.Operations;
using AnalogHil.Engine.Noise;

namespace AnalogHil.Engine.Execution.Products;

/// <summary>Adds noise to the rows of one product while they are in the cache, and finishes them in the same pass.</summary>
internal sealed unsafe class ProductNoise(ProductGeometry geometry, int index, PatchSums sums)
{
    // Numbers drawn at once: with the rows they are for they stay in a first-level cache of 32 KiB.
    private const int NumbersAtOnce = 2048;
    private const ulong GainStream = 3;
    private readonly int _channels = geometry.OutputChannels;

    /// <summary>Whether the product should sum the squares of its patches itself, beside the product.</summary>
    public bool TakesSquares(NoiseLaw law) => geometry.IsDepthwise && law is { UsesSquares: true, UsesMagnitudes: false, Blocks: 1, TapShares: null };

    /// <summary>Notes the working memory.</summary>
    public void Measure(ScratchNeed need, int images, int rows)
    {
        int run = Math.Min(Math.Min(rows, geometry.Positions), RowsAtOnce);
        sums.Measure(need, images, run);
        need.Floats(ScratchBuffer.Normals, (long)run * _channels);
        need.Floats(ScratchBuffer.Variances, (long)run * _channels);
        if (geometry.IsDepthwise)
        {
            need.Floats(ScratchBuffer.SquareSums, (long)rows * _channels);
        }
    }

    /// <summary>Noise, bias, other branch and clamp for rows <paramref name="firstRow"/> ...</summary>
    /// <param name="context">The block.</param>
    /// <param name="noise">Noise of the pass.</param>
    /// <param name="firstRow">First row, counted over the block's images.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="target">The rows' products, changed in place.</param>
    /// <param name="squares">Sums of squares of the rows' patches where <see cref="TakesSquares"/>, else null.</param>
    /// <param name="input">The block's input.</param>
    /// <param name="other">The other branch of a residual sum, or null.</param>
    /// <param name="bias">[channels].</param>
    /// <param name="clamp">Activation.</param>
    /// <param name="scratch">Working memory of the thread.</param>
    public void Finish(
        ForwardContext context, PreparedNoise noise, int firstRow, int rows, float* target, float* squares, float* input, float* other, float* bias, Clamp clamp, Scratch scratch)
    {
        NoiseLaw law = noise.Variances[index]!;
        float* gains = stackalloc float[law.Gains is null ? 0 : RowsAtOnce];
        for (int done = 0; done < rows;)
        {
            (int image, int position) = Math.DivRem(firstRow + done, geometry.Positions);
            int run = Math.Min(Math.Min(geometry.Positions - position, rows - done), RowsAtOnce);
            int count = run * _channels;
            float* at = target + (nint)done * _channels;
            float* branch = other == null ? null : other + (nint)done * _channels;
            if (law.GainRoots is { } shared)
            {
                FillGains(context, noise, image, position, run, gains);
                SharedGain.Multiply(at, gains, shared, run, _channels);
            }

            if (!law.IsAdded)
            {
                RowKernels.Finish(at, branch, bias, clamp, run, _channels);
                done += run;
                continue;
            }

            float* normals = scratch.Normals.Reserve(count);
            FillNormals(context, noise, image, position, run, normals);
            fixed (float* constant = law.Constant, square = law.Square, deviations = law.ConstantRoots, roots = law.SquareRoots)
            {
                if (law is { UsesSquares: false, UsesMagnitudes: false })
                {
                    NoisyFinish.Apply(new ChannelDeviation(deviations), at, normals, branch, bias, clamp, run, _channels);
                }
                else if (squares != null)
                {
                    NoisyFinish.Apply(new DepthwiseDeviation(constant, square, squares + (nint)done * _channels), at, normals, branch, bias, clamp, run, _channels);
                }
                else if (law.IsSquareOnly && geometry.Groups == 1)
                {
                    float* patches = sums.Squares(context, firstRow + done, run, scratch);
                    NoisyFinish.Apply(new PatchDeviation(roots, patches), at, normals, branch, bias, clamp, run, _channels);
                }
                else
                {
                    float* variances = scratch.Variances.Reserve(count);
                    sums.Evaluate(law, input, context, firstRow + done, run, variances, scratch);
                    NoisyFinish.Apply(new ElementDeviation(variances), at, normals, branch, bias, clamp, run, _channels);
                }
            }

            done += run;
        }
    }

    /// <summary>
    /// Normal numbers of positions <paramref name="position"/> .. of an image of the block. The number of an element depends on seed, node, image of the
    /// data set,
    /// position and channel, and on nothing else.
    /// </summary>
    public void FillNormals(ForwardContext context, PreparedNoise noise, int image, int position, int rows, float* normals)
    {
        GaussianKey key = GaussianKey.Derive(noise.Seed, (ulong)index, (ulong)(noise.FirstImage + context.FirstImage + image));
        GaussianGenerator.Fill(key, (ulong)position * (ulong)_channels, new Span<float>(normals, rows * _channels));
    }

    /// <summary>Normal numbers of the error that all channels share, one for each position from <paramref name="position"/> on; they depend on seed, node, image of
    /// the data set and position, and on nothing else.</summary>
    public void FillGains(ForwardContext context, PreparedNoise noise, int image, int position, int rows, float* gains)
    {
        GaussianKey key = GaussianKey.Derive(noise.Seed, (ulong)index, (ulong)(noise.FirstImage + context.FirstImage + image), GainStream);
        GaussianGenerator.Fill(key, (ulong)position, new Span<float>(gains, rows));
    }

    // Two rows at the least, so that runs of channel counts divisible by 8 start on a group of 16 numbers.
    private int RowsAtOnce => Math.Max(2, NumbersAtOnce / _channels / 2 * 2);
}
