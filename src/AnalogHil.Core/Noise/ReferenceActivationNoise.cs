namespace AnalogHil.Core.Noise;

/// <summary>The noise laws of Garg et al. 2021 at E = 1 for products of two activations (attention), whose second operand is new for every example.</summary>
/// <remarks>Divide the law's arrays by E. A and X are the sums of squares of the second operand's column and the first operand's row.</remarks>
public static class ReferenceActivationNoise
{
    /// <summary>Receiver noise, N dW^2 dx^2 sigma_t^2, dW the declared full scale of the second operand (eq. 3 and 9).</summary>
    /// <param name="dotLength">N.</param>
    /// <param name="channels">Columns of the second operand, over all groups.</param>
    /// <param name="operandSpan">dW.</param>
    /// <param name="inputSpan">dx.</param>
    /// <param name="sigma">sigma_t.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static ElementVariance Thermal(int dotLength, int channels, double operandSpan, double inputSpan, double sigma)
    {
        ElementVariance law = None(dotLength, channels);
        Array.Fill(law.Constant, (float)ReferenceNoise.Thermal(dotLength, operandSpan, inputSpan, sigma, 1));
        return law;
    }

    /// <summary>Read noise of the second operand, dW^2 sigma_w^2 X (eq. 4 and 10).</summary>
    /// <param name="dotLength">N.</param>
    /// <param name="channels">Columns of the second operand, over all groups.</param>
    /// <param name="operandSpan">dW, its declared full scale.</param>
    /// <param name="sigma">sigma_w.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static ElementVariance Weight(int dotLength, int channels, double operandSpan, double sigma)
    {
        ElementVariance law = None(dotLength, channels);
        Array.Fill(law.SquareSlope, (float)ReferenceNoise.Weight(operandSpan, sigma, 1, 1));
        return law;
    }

    /// <summary>Shot noise with the optical power balanced for each dot product, A X / N at one photon per MAC (eq. 5 and 11).</summary>
    /// <param name="dotLength">N.</param>
    /// <param name="channels">Columns of the second operand, over all groups.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static ElementVariance ShotBalanced(int dotLength, int channels)
    {
        float[] slopes = new float[channels];
        Array.Fill(slopes, (float)ReferenceNoise.ShotBalanced(dotLength, 1, 1, 1));
        return None(dotLength, channels) with { ProductSlope = slopes };
    }

    private static ElementVariance None(int dotLength, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        return new ElementVariance([0, dotLength], new float[channels], new float[channels], new float[channels]);
    }
}
