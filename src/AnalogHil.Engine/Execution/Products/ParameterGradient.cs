using AnalogHil.Core.Numerics;
using AnalogHil.Engine.Execution.Memory;
using AnalogHil.Engine.Execution.Passes;
using AnalogHil.Engine.Graph.Operations;
using AnalogHil.Engine.Graph.Operations.Products;

namespace AnalogHil.Engine.Execution.Products;

/// <summary>Gradients in gain, offset and weights of one product, image by image.</summary>
internal sealed unsafe class ParameterGradient(ProductOperation operation, TapPattern pattern, AnalogNode node)
{
    /// <summary>Adds those of the block's images.</summary>
    /// <param name="context">The block; where sums go.</param>
    /// <param name="gradient">dL / d output before the clamp, zero where it clamps; [images x positions x channels].</param>
    /// <param name="input">The block's input.</param>
    /// <param name="output">The block's output.</param>
    /// <param name="other">The other branch of a residual sum, or null.</param>
    public void Add(BackwardContext context, float* gradient, float* input, float* output, float* other)
    {
        ParameterSums sums = context.Parameters!;
        nint size = (nint)node.Positions * node.Channels;
        for (int image = 0; image < context.Forward.Images; image++)
        {
            int index = context.SumIndex + image;
            AddCorrection(gradient + image * size, output + image * size, other == null ? null : other + image * size, sums.LogGain(index, node), sums.Offset(index, node));
            if (sums.WithWeights)
            {
                AddWeights(gradient + image * size, input, image, sums.Weights(index, node), context.Forward.Scratch);
            }
        }
    }

    // Where the gradient is not zero the clamp passed its input on, so that the noisy product is what remains of the output.
    private void AddCorrection(float* gradient, float* output, float* other, Span<double> logGain, Span<double> offset)
    {
        int channels = node.Channels;
        float[] bias = operation.Bias;
        for (int position = 0; position < node.Positions; position++)
        {
            nint row = (nint)position * channels;
            for (int channel = 0; channel < channels; channel++)
            {
                double g = gradient[row + channel];
                double product = output[row + channel] - bias[channel] - (other == null ? 0 : other[row + channel]);
                offset[channel] += g;
                logGain[channel] += g * product;
            }
        }
    }

    private void AddWeights(float* gradient, float* input, int image, Span<float> target, Scratch scratch)
    {
        ProductGeometry geometry = operation.Geometry;
        if (geometry.IsDepthwise)
        {
            AddDepthwise(gradient, input, image, target);
            return;
        }

        int positions = node.Positions;
        int outputs = geometry.GroupOutputs;
        int length = geometry.DotLength;
        for (int group = 0; group < geometry.Groups; group++)
        {
            float* patches = scratch.Patches.Reserve((long)positions * length);
            pattern.Gather(input, geometry.InputChannels, group * geometry.GroupInputs, geometry.GroupInputs, image * positions, positions, patches);
            float* transposed = scratch.Results.Reserve((long)outputs * positions);
            for (int position = 0; position < positions; position++)
            {
                float* row = gradient + (nint)position * node.Channels + group * outputs;
                for (int output = 0; output < outputs; output++)
                {
                    transposed[(nint)output * positions + position] = row[output];
                }
            }

            PackedMatrix right = scratch.Pack(patches, positions, length, length, 1);
            MatrixProduct.Multiply(
                new ReadOnlySpan<float>(transposed, outputs * positions), outputs, positions, right, target.Slice(group * outputs * length, outputs * length), length);
        }
    }

    private void AddDepthwise(float* gradient, float* input, int image, Span<float> target)
    {
        int channels = node.Channels;
        int taps = operation.Geometry.Taps;
        for (int position = 0; position < node.Positions; position++)
        {
            float* row = gradient + (nint)position * channels;
            for (int tap = 0; tap < taps; tap++)
            {
                int pixel = pattern.Pixel(image * node.Positions + position, tap);
                for (int channel = 0; pixel >= 0 && channel < channels; channel++)
                {
                    target[channel * taps + tap] += row[channel] * input[(nint)pixel * channels + channel];
                }
            }
        }
    }
}
