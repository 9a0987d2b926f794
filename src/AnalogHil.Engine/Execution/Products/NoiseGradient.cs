using AnalogHil.Engine.Execution.Memory;
using AnalogHil.Engine.Execution.Passes;
using AnalogHil.Engine.Graph.Operations;
using AnalogHil.Engine.Noise;

namespace AnalogHil.Engine.Execution.Products;

/// <summary>What a product's noise gives to precision learning, and where wanted to the gradient of its input; image by image.</summary>
internal sealed unsafe class NoiseGradient(AnalogNode node, ProductGeometry geometry, TapPattern pattern, PatchSums sums, ProductNoise noise, int rowsAtOnce)
{
    private readonly DeviationGradient _deviation = new(geometry, pattern);
    private readonly HeldGradient _held = new(node, geometry, pattern, rowsAtOnce);

    /// <summary>Adds dL / d ln E, sensitivities, and to the input's gradient what the noise's dependence on it brings.</summary>
    /// <param name="context">The block; where sums go.</param>
    /// <param name="gradient">dL / d output before the clamp, [images x positions x channels].</param>
    /// <param name="input">The block's input.</param>
    /// <param name="inputGradient">dL / d input so far; null where it is not wanted.</param>
    public void Collect(BackwardContext context, float* gradient, float* input, float* inputGradient)
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
        int count;
        for (int first = 0; first < rows; first += count)
        {
            // A chunk ends with its image: sums are kept apart by image.
            (int image, int position) = Math.DivRem(first, node.Positions);
            count = Math.Min(rowsAtOnce, node.Positions - position);
            long elements = (long)count * node.Channels;
            float* chunk = gradient + (nint)first * node.Channels;
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

                GradientKernels.AddLogEnergy(chunk, normals, variances, slopes, count, node.Channels, context.Sums.LogEnergy(context.SumIndex + image, node));
                if (follows)
                {
                    _deviation.Add(law, chunk, normals, variances, input, first, count, inputGradient, scratch);
                }
            }

            if (sensitivity is not null)
            {
                float* variances = scratch.Variances.Reserve(elements);
                sums.Evaluate(sensitivity, input, forward, first, count, variances, scratch);
                GradientKernels.AddSensitivity(chunk, variances, count, node.Channels, context.Sums.Sensitivity(context.SumIndex + image, node));
            }
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
