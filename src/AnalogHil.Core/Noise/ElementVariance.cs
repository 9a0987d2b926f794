namespace AnalogHil.Core.Noise;

/// <summary>
/// Closed-form noise variance of every element of one layer's product, in the layer's own units. For output channel i and patch x:
/// <c>var = Constant[i] + sum_b SquareSlope[b * Channels + i] * sum_{k in block b} x_k^2 + AbsoluteSlope[i] * sum_k |x_k|</c>.
/// Row block b covers the dot-product positions BlockStarts[b] .. BlockStarts[b + 1] - 1 of the patch, in the patch's own order.
/// </summary>
/// <remarks>Covers thermal (constant), weight and shot noise (slopes), and their sums (Garg et al. 2021, eq. 9 to 11), with the redundancy K folded in by
/// whoever builds it.</remarks>
/// <param name="BlockStarts">B + 1 ascending positions, first 0, last the dot length N.</param>
/// <param name="Constant">[Channels], square of the output's unit.</param>
/// <param name="SquareSlope">[B x Channels], square of the weight's unit.</param>
/// <param name="AbsoluteSlope">[Channels], square of the output's unit per unit of input.</param>
public sealed record ElementVariance(int[] BlockStarts, float[] Constant, float[] SquareSlope, float[] AbsoluteSlope)
{
    /// <summary>[B x Channels] slope of A_b, the sum over block b of the squares of the second operand's column; only for products of two activations, whose
    /// A differs from image to image.</summary>
    /// <value>Default: null, none.</value>
    public float[]? OperandSlope { get; init; }

    /// <summary>[B x Channels] slope of A_b times the sum of x^2 over block b: shot noise balanced for each dot product; only for products of two
    /// activations.</summary>
    /// <value>Default: null, none.</value>
    public float[]? ProductSlope { get; init; }

    /// <summary>
    /// [Channels x taps] share of the slope of X that each window tap of a convolution brings, adding up to 1 in a channel; at the image's border the shares
    /// of the taps
    /// that meet padding are left out, as the released code of Garg et al. 2021 does with the weight norm of shot noise. One row block only.
    /// </summary>
    /// <remarks><see cref="Evaluate(int, ReadOnlySpan{float})"/> does not know where a patch lies: it is that of a patch inside the image.</remarks>
    /// <value>Default: null, the whole slope everywhere.</value>
    public float[]? TapShares { get; init; }

    /// <summary>
    /// [Channels] variance of a relative error that all channels of one position share: <c>y_i (1 + n sqrt(SharedGain_i))</c> with one normal number n for
    /// each position, on top of the variance of the other members. Relative intensity noise of a laser that feeds all columns.
    /// </summary>
    /// <remarks>It goes with the product itself, which <see cref="Evaluate(int, ReadOnlySpan{float})"/> does not know: it is not in it.</remarks>
    /// <value>Default: null, none.</value>
    public float[]? SharedGain { get; init; }

    /// <summary>Number of output channels.</summary>
    public int Channels => Constant.Length;

    /// <summary>Number of row blocks.</summary>
    public int Blocks => BlockStarts.Length - 1;

    /// <summary>Whether any element depends on the squares of the input.</summary>
    public bool UsesSquares => Array.Exists(SquareSlope, slope => slope != 0);

    /// <summary>Whether any element depends on the magnitudes of the input.</summary>
    public bool UsesMagnitudes => Array.Exists(AbsoluteSlope, slope => slope != 0);

    /// <summary>Variance of channel <paramref name="channel"/> for one patch of N elements; the reference that kernels are tested against.</summary>
    public double Evaluate(int channel, ReadOnlySpan<float> patch)
    {
        double variance = Constant[channel];
        double magnitude = 0;
        for (int block = 0; block < Blocks; block++)
        {
            double squares = 0;
            for (int k = BlockStarts[block]; k < BlockStarts[block + 1]; k++)
            {
                squares += (double)patch[k] * patch[k];
                magnitude += Math.Abs((double)patch[k]);
            }

            variance += SquareSlope[block * Channels + channel] * squares;
        }

        return variance + AbsoluteSlope[channel] * magnitude;
    }

    /// <summary>Variance of channel <paramref name="channel"/> of a product of two activations: a patch and a column of the second operand, N elements
    /// each.</summary>
    public double Evaluate(int channel, ReadOnlySpan<float> patch, ReadOnlySpan<float> column)
    {
        double variance = Evaluate(channel, patch);
        for (int block = 0; block < Blocks; block++)
        {
            double squares = 0;
            double operand = 0;
            for (int k = BlockStarts[block]; k < BlockStarts[block + 1]; k++)
            {
                squares += (double)patch[k] * patch[k];
                operand += (double)column[k] * column[k];
            }

            int at = block * Channels + channel;
            variance += operand * ((OperandSlope?[at] ?? 0) + (ProductSlope?[at] ?? 0) * squares);
        }

        return variance;
    }
}
