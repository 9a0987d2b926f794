using AnalogHil.Core.Noise;
using AnalogHil.Core.Numerics;
using AnalogHil.Engine.Execution.Memory;
using AnalogHil.Engine.Execution.Passes;
using AnalogHil.Engine.Graph.Operations.Products;
using AnalogHil.Engine.Noise;

namespace AnalogHil.Engine.Execution.Products;

/// <summary>
/// What the noise of a product of two activations gives to precision learning, head by head; and where gradients follow the deviation, what they bring to
/// both operands. With
/// <c>v = constant + sum_b (operand A_b + (square + product A_b) X_b) + absolute M</c> and the pull <c>p = g n / sqrt(v)</c> of every element,
/// <c>dx_rk += x_rk sum_c p_rc (square + product A)_bc + sign(x_rk) / 2 sum_c p_rc absolute_c</c> and <c>dw_kc += w_kc sum_r p_rc (operand + product
/// X_r)_bc</c>.
/// </summary>
internal sealed unsafe class ActivationNoiseGradient(AnalogNode node, ActivationProductOperation operation, ActivationNoise noise)
{
    private readonly int _rows = operation.Rows;
    private readonly int _columns = operation.Columns;
    private readonly int _length = operation.Length;

    /// <summary>Adds the sums of one head.</summary>
    /// <param name="context">The block; where sums go.</param>
    /// <param name="head">Head, counted over the images of the block.</param>
    /// <param name="gradient">dL / d product, [rows x columns].</param>
    /// <param name="left">First operand, [rows x N].</param>
    /// <param name="right">Second operand, [N x columns].</param>
    /// <param name="leftGradient">dL / d first operand so far, or null.</param>
    /// <param name="rightGradient">dL / d second operand so far, or null.</param>
    public void Collect(BackwardContext context, int head, float* gradient, float* left, float* right, float* leftGradient, float* rightGradient)
    {
        ForwardContext forward = context.Forward;
        (int image, int group) = Math.DivRem(head, operation.Groups);
        Span<double> energy = context.Sums.LogEnergy(context.SumIndex + image, node).Slice(group * _columns, _columns);
        if (forward.Noise is { } prepared)
        {
            if (prepared.Variances[node.Index] is { } law)
            {
                AddFresh(forward, law, image, group, gradient, left, right, leftGradient, rightGradient, energy);
            }

            if (prepared.Held[node.Index] is { } held)
            {
                AddHeld(forward, held, image, group, gradient, left, energy);
            }
        }

        if (context.SensitivityAt?[node.Index] is not { } sensitivity)
        {
            return;
        }

        noise.BeginHead(sensitivity, group, right, forward.Scratch);
        for (int first = 0; first < _rows; first += noise.RowsAtOnce)
        {
            int rows = Math.Min(noise.RowsAtOnce, _rows - first);
            float* variances = noise.Evaluate(sensitivity, group, left, first, rows, forward.Scratch.Variances, forward.Scratch);
            GradientKernels.AddSensitivity(
                gradient + (nint)first * _columns, variances, rows, _columns, context.Sums.Sensitivity(context.SumIndex + image, node).Slice(group * _columns, _columns));
        }
    }

    private void AddFresh(
        ForwardContext forward, NoiseLaw law, int image, int group, float* gradient, float* left, float* right, float* leftGradient, float* rightGradient, Span<double> sums)
    {
        NoiseLaw? slope = forward.Noise!.Slopes[node.Index];
        bool follows = forward.Noise.DifferentiatesDeviation;
        Scratch scratch = forward.Scratch;
        for (int first = 0; first < _rows; first += noise.RowsAtOnce)
        {
            int rows = Math.Min(noise.RowsAtOnce, _rows - first);
            float* chunk = gradient + (nint)first * _columns;
            float* normals = noise.Normals(forward, forward.Noise, node.Index, image, group, first, rows, scratch);
            float* slopes = null;
            if (slope is not null)
            {
                noise.BeginHead(slope, group, right, scratch);
                slopes = noise.Evaluate(slope, group, left, first, rows, scratch.Slopes, scratch);
            }

            noise.BeginHead(law, group, right, scratch);
            float* variances = noise.Evaluate(law, group, left, first, rows, scratch.Variances, scratch);
            GradientKernels.AddLogEnergy(chunk, normals, variances, slopes, rows, _columns, sums);
            if (follows)
            {
                for (int i = 0; i < rows * _columns; i++)
                {
                    normals[i] = variances[i] > 0 ? chunk[i] * normals[i] / MathF.Sqrt(variances[i]) : 0;
                }

                AddDeviation(law.Source, group, normals, first, rows, left, right, leftGradient, rightGradient, scratch);
            }
        }
    }

    private void AddDeviation(
        ElementVariance law, int group, float* pulls, int first, int rows, float* left, float* right, float* leftGradient, float* rightGradient, Scratch scratch)
    {
        int channels = law.Channels;
        float* factors = noise.Factors(law, scratch);
        float* ofColumns = scratch.DeviationPulls.Reserve(_columns);
        for (int block = 0; block < law.Blocks; block++)
        {
            (int start, int end) = (law.BlockStarts[block], law.BlockStarts[block + 1]);
            int at = block * channels + group * _columns;
            new Span<float>(ofColumns, _columns).Clear();
            for (int row = 0; row < rows; row++)
            {
                float* x = left + (nint)(first + row) * _length;
                float* pull = pulls + (nint)row * _columns;
                float squares = RowKernels.SumOfSquares(x + start, end - start);
                float square = 0;
                float magnitude = 0;
                for (int c = 0; c < _columns; c++)
                {
                    square += pull[c] * factors[(nint)block * _columns + c];
                    magnitude += 0.5f * pull[c] * law.AbsoluteSlope[group * _columns + c];
                    ofColumns[c] += pull[c] * ((law.OperandSlope?[at + c] ?? 0) + (law.ProductSlope?[at + c] ?? 0) * squares);
                }

                for (int k = start; leftGradient != null && k < end; k++)
                {
                    // Where x = 0 the magnitude has a corner, and zero is taken.
                    leftGradient[(nint)(first + row) * _length + k] += square * x[k] + magnitude * Math.Sign(x[k]);
                }
            }

            for (int k = start; rightGradient != null && k < end; k++)
            {
                RowKernels.AddProduct(rightGradient + (nint)k * _columns, right + (nint)k * _columns, ofColumns, _columns);
            }
        }
    }

    private void AddHeld(ForwardContext forward, HeldLaw law, int image, int group, float* gradient, float* left, Span<double> sums)
    {
        PreparedNoise prepared = forward.Noise!;
        Scratch scratch = forward.Scratch;
        long draw = law.DrawOf(prepared.FirstImage + forward.FirstImage + image);
        float* errors = scratch.Results.Reserve((long)_rows * _columns);
        new Span<float>(errors, _rows * _columns).Clear();
        if (law.DrawsWeights)
        {
            float* numbers = scratch.HeldNumbers.Reserve((long)_length * _columns);
            HeldNumbers.FillWeights(law, law.WeightSlopes, prepared.Seed, node.Index, draw, group, _columns, 0, _length, numbers);
            PackedMatrix packed = scratch.Pack(numbers, _length, _columns, _columns, 1);
            MatrixProduct.Multiply(new ReadOnlySpan<float>(left, _rows * _length), _rows, _length, packed, new Span<float>(errors, _rows * _columns), _columns);
        }

        float* offsets = scratch.HeldOffsets.Reserve(_columns);
        HeldNumbers.FillOffsets(law, law.OffsetSlopes, prepared.Seed, node.Index, draw, group * _columns, _columns, offsets);
        for (int row = 0; row < _rows; row++)
        {
            RowKernels.Add(errors + (nint)row * _columns, offsets, _columns);
            GradientKernels.AddHeld(gradient + (nint)row * _columns, errors + (nint)row * _columns, _columns, sums);
        }
    }
}
