using AnalogHil.Core.Numerics;
using AnalogHil.Engine.Execution.Memory;
using AnalogHil.Engine.Execution.Passes;
using AnalogHil.Engine.Graph.Operations;
using AnalogHil.Engine.Noise;

namespace AnalogHil.Engine.Execution.Products;

/// <summary>
/// Gradients through held noise, with its numbers held. Weights W + D of an image give <c>dL / dx = (W + D)^T g</c>, of which this adds the second part, and
/// <c>dL / d ln E_i = -1/2 sum_p g_pi sum_k D'_ik x_pk</c> with D' the numbers times slope over deviation; offsets likewise.
/// </summary>
internal sealed unsafe class HeldGradient(AnalogNode node, ProductGeometry geometry, TapPattern pattern, int rowsAtOnce)
{
    private readonly int _outputs = geometry.GroupOutputs;
    private readonly int _length = geometry.DotLength;

    /// <summary>Adds them.</summary>
    /// <param name="context">The block; where sums go.</param>
    /// <param name="law">The held noise.</param>
    /// <param name="gradient">dL / d output before the clamp, [images x positions x channels].</param>
    /// <param name="input">The block's input.</param>
    /// <param name="inputGradient">Added to; null where gradients do not follow the noise, or are not wanted.</param>
    public void Collect(BackwardContext context, HeldLaw law, float* gradient, float* input, float* inputGradient)
    {
        PreparedNoise noise = context.Forward.Noise!;
        Scratch scratch = context.Forward.Scratch;
        for (int image = 0; image < context.Forward.Images; image++)
        {
            long draw = law.DrawOf(noise.FirstImage + context.Forward.FirstImage + image);
            float* own = gradient + (nint)image * node.Positions * node.Channels;
            Span<double> sums = context.Sums.LogEnergy(context.SumIndex + image, node);
            if (law.DrawsOffsets)
            {
                float* offsets = scratch.HeldOffsets.Reserve(node.Channels);
                HeldNumbers.FillOffsets(law, law.OffsetSlopes, noise.Seed, node.Index, draw, 0, node.Channels, offsets);
                for (int position = 0; position < node.Positions; position++)
                {
                    GradientKernels.AddHeld(own + (nint)position * node.Channels, offsets, node.Channels, sums);
                }
            }

            for (int group = 0; law.DrawsWeights && group < geometry.Groups; group++)
            {
                AddLogEnergy(law, noise, draw, image, group, own, input, sums.Slice(group * _outputs, _outputs), scratch);
                if (inputGradient != null)
                {
                    AddInput(law, noise, draw, image, group, own, inputGradient, scratch);
                }
            }
        }
    }

    private void AddLogEnergy(
        HeldLaw law, PreparedNoise noise, long draw, int image, int group, float* gradient, float* input, Span<double> sums, Scratch scratch)
    {
        float* added = scratch.HeldNumbers.Reserve((long)_length * _outputs);
        HeldNumbers.FillWeights(law, law.WeightSlopes, noise.Seed, node.Index, draw, group, _outputs, 0, _length, added);
        PackedMatrix right = scratch.Pack(added, _length, _outputs, _outputs, 1);
        for (int first = 0, rows; first < node.Positions; first += rows)
        {
            rows = Math.Min(rowsAtOnce, node.Positions - first);
            float* patches = scratch.Patches.Reserve((long)rows * _length);
            pattern.Gather(input, geometry.InputChannels, group * geometry.GroupInputs, geometry.GroupInputs, image * node.Positions + first, rows, patches);
            float* errors = scratch.Results.Reserve((long)rows * _outputs);
            MatrixProduct.Multiply(
                new ReadOnlySpan<float>(patches, rows * _length), rows, _length, right, new Span<float>(errors, rows * _outputs), _outputs);
            for (int row = 0; row < rows; row++)
            {
                GradientKernels.AddHeld(gradient + (nint)(first + row) * node.Channels + group * _outputs, errors + (nint)row * _outputs, _outputs, sums);
            }
        }
    }

    private void AddInput(HeldLaw law, PreparedNoise noise, long draw, int image, int group, float* gradient, float* inputGradient, Scratch scratch)
    {
        float* added = scratch.HeldNumbers.Reserve((long)_length * _outputs);
        HeldNumbers.FillWeights(law, law.Weights, noise.Seed, node.Index, draw, group, _outputs, 0, _length, added);
        PackedMatrix right = scratch.Pack(added, _outputs, _length, 1, _outputs);
        int inputs = geometry.GroupInputs;
        for (int first = 0, rows; first < node.Positions; first += rows)
        {
            rows = Math.Min(rowsAtOnce, node.Positions - first);
            float* patches = scratch.Patches.Reserve((long)rows * _length);
            nint start = (nint)first * node.Channels + group * _outputs;
            MatrixProduct.Multiply(
                new ReadOnlySpan<float>(gradient + start, (rows - 1) * node.Channels + _outputs), rows, node.Channels, right, new Span<float>(patches, rows * _length), _length);
            for (int i = 0; i < rows * geometry.Taps; i++)
            {
                (int row, int tap) = Math.DivRem(i, geometry.Taps);
                int pixel = pattern.Pixel(image * node.Positions + first + row, tap);
                if (pixel >= 0)
                {
                    RowKernels.Add(inputGradient + (nint)pixel * geometry.InputChannels + group * inputs, patches + (nint)i * inputs, inputs);
                }
            }
        }
    }
}
