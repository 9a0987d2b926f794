using AnalogHil.Engine.Execution.Memory;
using AnalogHil.Engine.Execution.Passes;
using AnalogHil.Engine.Graph.Operations.Products;
using AnalogHil.Engine.Noise;

namespace AnalogHil.Engine.Execution.Products;

/// <summary>What a product's noise gives to precision learning, and where wanted to the gradient of its input; image by image.</summary>
internal sealed unsafe class NoiseGradient(
    AnalogNode node, ProductOperation operation, TapPattern pattern, PatchSums sums, ProductNoise noise, int rowsAtOnce)
{
    private readonly DeviationGradient _deviation = new(operation.Geometry, pattern);
    private readonly HeldGradient _held = new(node, operation.Geometry, pattern, rowsAtOnce);

    /// <summary>Adds dL / d ln E, sensitivities, and to the input's gradient what the noise's dependence on it brings.</summary>
    /// <param name="context">The block; where sums go.</param>
    /// <param name="gradient">dL / d output before the clamp, [images x positions x channels].</param>
    /// <param name="input">The block's input.</param>
    /// <param name="output">The block's output.</param>
    /// <param name="other">The other branch of a residual sum, or null.</param>
    /// <param name="inputGradient">dL / d input so far; null where it is not wanted.</param>
    public void Collect(BackwardContext context, float* gradient, float* input, float* output, float* other, float* inputGradient)
    {
        ForwardContext forward = context.Forward;
        if (forward.Noise?.Held[node.Index] is { } held)
        {
            _held.Collect(context, held, gradient, input, forward.Noise.DifferentiatesDeviation ? inputGradient : null);
        }

        NoiseLaw? law = forward.Noise?.Variances[node.Index];
        NoiseLaw? slope = law is null ? null : forward.Noise!.Slopes[node.Index];
        NoiseLaw? sensitivity = context.SensitivityAt?[node.Index];
        if (law is null && sensitivity is null)
        {
            return;
        }

        SumPixels(forward, input, law, slope, sensitivity);
        bool follows = inputGradient != null && law is ({ UsesSquares: true } or { UsesMagnitudes: true }) && forward.Noise!.DifferentiatesDeviation;
        if (follows && law!.TapShares is not null)
        {
            throw new InvalidOperationException(
                $"node '{node.Name}': noise that leaves out taps on padding is the released code's, which lets no gradient through its norms; leave "
                    + $"{nameof(NoiseInjection.DifferentiatesDeviation)} off");
        }

        Scratch scratch = forward.Scratch;
        int rows = forward.Images * node.Positions;
        bool shares = law?.Gains is not null || sensitivity?.Gains is not null;
        if (shares && forward.Noise?.Held[node.Index] is not null)
        {
            throw new InvalidOperationException(
                $"node '{node.Name}' has held noise, from which its products are not told apart; take the sensitivity to an error that goes with them without it");
        }

        float* gains = stackalloc float[law?.Gains is null ? 0 : rowsAtOnce];
        int count;
        for (int first = 0; first < rows; first += count)
        {
            // A chunk ends with its image: sums are kept apart by image.
            (int image, int position) = Math.DivRem(first, node.Positions);
            count = Math.Min(rowsAtOnce, node.Positions - position);
            long elements = (long)count * node.Channels;
            float* chunk = gradient + (nint)first * node.Channels;
            float* products = null;
            if (shares)
            {
                products = scratch.Products.Reserve(elements);
                Recover(output + (nint)first * node.Channels, other == null ? null : other + (nint)first * node.Channels, products, count);
            }

            if (law is not null)
            {
                float* normals = scratch.Normals.Reserve(elements);
                noise.FillNormals(forward, forward.Noise!, image, position, count, normals);
                float* variances = scratch.Variances.Reserve(elements);
                sums.Evaluate(law, input, forward, first, count, variances, scratch);
                float* slopes = null;
                if (slope is not null)
                {
                    slopes = scratch.Slopes.Reserve(elements);
                    sums.Evaluate(slope, input, forward, first, count, slopes, scratch);
                }

                Span<double> energy = context.Sums.LogEnergy(context.SumIndex + image, node);
                GradientKernels.AddLogEnergy(chunk, normals, variances, slopes, count, node.Channels, energy);
                if (products != null)
                {
                    Quieten(products, normals, variances, elements);
                }

                if (law.Gains is not null)
                {
                    noise.FillGains(forward, forward.Noise!, image, position, count, gains);
                    SharedGain.AddLogEnergy(chunk, products, gains, law, slope, count, node.Channels, energy);
                    SharedGain.Divide(products, gains, law.GainRoots!, count, node.Channels);
                }

                if (follows)
                {
                    _deviation.Add(law, chunk, normals, variances, input, first, count, inputGradient, scratch);
                }
            }

            if (sensitivity is not null)
            {
                float* variances = scratch.Variances.Reserve(elements);
                sums.Evaluate(sensitivity, input, forward, first, count, variances, scratch);
                Span<double> losses = context.Sums.Sensitivity(context.SumIndex + image, node);
                GradientKernels.AddSensitivity(chunk, variances, count, node.Channels, losses);
                if (sensitivity.GainRoots is { } roots)
                {
                    SharedGain.AddSensitivity(chunk, products, roots, count, node.Channels, losses);
                }
            }
        }
    }

    /// <summary>Multiplies the gradient by what the products of this pass were multiplied by, or takes it back: dL / d product where gradients follow the error
    /// that all channels share.</summary>
    /// <returns>Whether there is one to be followed.</returns>
    public bool FollowGain(ForwardContext context, float* gradient, bool back)
    {
        if (context.Noise is not { DifferentiatesDeviation: true } prepared || prepared.Variances[node.Index]?.GainRoots is not { } roots)
        {
            return false;
        }

        float* gains = stackalloc float[rowsAtOnce];
        int rows = context.Images * node.Positions;
        int count;
        for (int first = 0; first < rows; first += count)
        {
            (int image, int position) = Math.DivRem(first, node.Positions);
            count = Math.Min(rowsAtOnce, node.Positions - position);
            noise.FillGains(context, prepared, image, position, count, gains);
            float* chunk = gradient + (nint)first * node.Channels;
            if (back)
            {
                SharedGain.Divide(chunk, gains, roots, count, node.Channels);
            }
            else
            {
                SharedGain.Multiply(chunk, gains, roots, count, node.Channels);
            }
        }

        return true;
    }

    // Where the gradient is not zero the clamp passed its input on, so that the noisy product is what remains of the output; elsewhere it does not matter.
    private void Recover(float* output, float* other, float* products, int rows)
    {
        float[] bias = operation.Bias;
        int channels = node.Channels;
        for (int row = 0; row < rows; row++, output += channels, products += channels)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                products[channel] = output[channel] - bias[channel] - (other == null ? 0 : other[(nint)row * channels + channel]);
            }
        }
    }

    // Takes out the noise that was added.
    private static void Quieten(float* products, float* normals, float* variances, long elements)
    {
        for (long i = 0; i < elements; i++)
        {
            products[i] -= normals[i] * MathF.Sqrt(variances[i]);
        }
    }

    private void SumPixels(ForwardContext context, float* input, params ReadOnlySpan<NoiseLaw?> laws)
    {
        bool squares = false;
        bool magnitudes = false;
        foreach (NoiseLaw? law in laws)
        {
            squares |= law is { UsesSquares: true };
            magnitudes |= law is { UsesMagnitudes: true };
        }

        sums.SumPixels(input, context.Images, squares, magnitudes, context.Scratch);
    }
}
