using MathNet.Numerics.Distributions;

namespace AnalogHil.Core.Statistics;

/// <summary>How many reads a sigma needs.</summary>
public static class ReadCount
{
    /// <summary>Reads for a standard deviation to be known to a relative half-width h: ceil(z^2 / (2 h^2)), from the bound sigma^2 / (2 n).</summary>
    /// <param name="relativeHalfWidth">h, half-width of the interval divided by sigma, in (0, 1); 0.05 for 5 %.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static long ForRelativeHalfWidth(double relativeHalfWidth, double level = 0.95)
    {
        if (!(relativeHalfWidth is > 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(relativeHalfWidth), relativeHalfWidth, $"relativeHalfWidth is {relativeHalfWidth}; it lies strictly between 0 and 1 (5 % is 0.05)");
        }

        double z = Normal.InvCDF(0, 1, 0.5 * (1 + Require.Level(level)));
        return (long)Math.Ceiling(z * z / (2 * relativeHalfWidth * relativeHalfWidth));
    }
}
