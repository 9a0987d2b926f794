using AnalogHil.Core.Statistics;

namespace AnalogHil.Core.Noise;

/// <summary>Noise expressed as the resolution of the uniform quantiser that would be as noisy: a step of sqrt(12 Var) (Garg et al. 2021, eq. 7).</summary>
public static class NoiseBits
{
    /// <summary>B = log2(range / sqrt(12 Var) + 1); positive infinity without noise.</summary>
    /// <param name="outputRange">Largest minus smallest output, in the output's unit; not negative.</param>
    /// <param name="variance">Noise variance, square of that unit; not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static double Bits(double outputRange, double variance) => Math.Log2(FractionalLevels(outputRange, variance));

    /// <summary>Levels of that quantiser, ceil(range / sqrt(12 Var) + 1); positive infinity without noise.</summary>
    /// <inheritdoc cref="Bits" path="/param"/>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static double Levels(double outputRange, double variance) => Math.Ceiling(FractionalLevels(outputRange, variance));

    /// <summary>The variance at which range / sqrt(12 Var) + 1 is exactly <paramref name="levels"/>.</summary>
    /// <param name="outputRange">Largest minus smallest output, in the output's unit; above 0.</param>
    /// <param name="levels">Levels, above 1; need not be whole.</param>
    /// <returns>Square of the output's unit.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static double VarianceForLevels(double outputRange, double levels)
    {
        Require.Positive(outputRange);
        if (!(levels > 1 && double.IsFinite(levels)))
        {
            throw new ArgumentOutOfRangeException(nameof(levels), levels, $"levels is {levels}; a quantiser has more than one level");
        }

        double step = outputRange / (levels - 1);
        return QuantiserNoise.Variance(step);
    }

    private static double FractionalLevels(double outputRange, double variance)
    {
        Require.NotNegative(outputRange);
        Require.NotNegative(variance);
        return variance > 0 ? outputRange / Math.Sqrt(12 * variance) + 1 : double.PositiveInfinity;
    }
}
