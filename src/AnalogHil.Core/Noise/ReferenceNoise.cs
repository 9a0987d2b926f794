using AnalogHil.Core.Statistics;

namespace AnalogHil.Core.Noise;

/// <summary>
/// The noise laws of Garg et al. 2021 for one dot product of one read, in the network's own units: references to compare measured and
/// simulated noise against. What a device adds is described by <see cref="NoiseProfile"/>, not by these.
/// </summary>
/// <remarks>E is energy per MAC: K repeats of one read, dimensionless, for thermal and weight noise; photons for shot noise. All results are variances in the square of the output's unit.</remarks>
public static class ReferenceNoise
{
    /// <summary>Receiver noise, N dW^2 dx^2 sigma_t^2 / E (eq. 3 and 9).</summary>
    /// <param name="dotLength">N.</param>
    /// <param name="weightSpan">dW.</param>
    /// <param name="inputSpan">dx.</param>
    /// <param name="sigma">sigma_t, dimensionless; 0.01 in the paper.</param>
    /// <param name="energy">E, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static double Thermal(int dotLength, double weightSpan, double inputSpan, double sigma, double energy)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dotLength, 1);
        double deviation = Require.NotNegative(weightSpan) * Require.NotNegative(inputSpan) * Require.NotNegative(sigma);
        return dotLength * deviation * deviation / Require.Positive(energy);
    }

    /// <summary>Weight read noise, dW^2 sigma_w^2 X / E (eq. 4 and 10).</summary>
    /// <param name="weightSpan">dW.</param>
    /// <param name="sigma">sigma_w, dimensionless; 0.1 in the paper.</param>
    /// <param name="inputSquares">X = sum x^2 over the patch.</param>
    /// <param name="energy">E, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static double Weight(double weightSpan, double sigma, double inputSquares, double energy)
    {
        double deviation = Require.NotNegative(weightSpan) * Require.NotNegative(sigma);
        return deviation * deviation * Require.NotNegative(inputSquares) / Require.Positive(energy);
    }

    /// <summary>Shot noise with the optical power balanced for each dot product, A X / (N E) (eq. 5 and 11).</summary>
    /// <param name="dotLength">N.</param>
    /// <param name="weightSquares">A = sum w^2.</param>
    /// <param name="inputSquares">X = sum x^2.</param>
    /// <param name="photons">E, detected photons per MAC, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static double ShotBalanced(int dotLength, double weightSquares, double inputSquares, double photons)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dotLength, 1);
        return Require.NotNegative(weightSquares) * Require.NotNegative(inputSquares) / (dotLength * Require.Positive(photons));
    }

    /// <summary>Shot noise with fixed gains, X / (4 b^2) + A / (4 a^2). The photons of the dot product are a^2 X + b^2 A; for as many of them <see cref="ShotBalanced"/> is the least that gains can reach.</summary>
    /// <param name="weightSquares">A = sum w^2.</param>
    /// <param name="inputSquares">X = sum x^2.</param>
    /// <param name="signalGain">a, field amplitude (square root of photons) per unit of input, above 0.</param>
    /// <param name="oscillatorGain">b, field amplitude per unit of weight, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static double ShotFixedGain(double weightSquares, double inputSquares, double signalGain, double oscillatorGain)
    {
        Require.Positive(signalGain);
        Require.Positive(oscillatorGain);
        return Require.NotNegative(inputSquares) / (4 * oscillatorGain * oscillatorGain) + Require.NotNegative(weightSquares) / (4 * signalGain * signalGain);
    }

    /// <summary>Relative intensity noise, sigma^2 y^2 / E: a gain that fluctuates, common to all rows that share the laser.</summary>
    /// <param name="outputSquare">y^2 of the dot product, or its mean.</param>
    /// <param name="sigma">Relative standard deviation of the power over one read, dimensionless.</param>
    /// <param name="energy">E, above 0; reads far enough apart for the laser to be fresh.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static double RelativeIntensity(double outputSquare, double sigma, double energy) =>
        Require.NotNegative(sigma) * sigma * Require.NotNegative(outputSquare) / Require.Positive(energy);

    /// <summary>N of a convolution: kh kw C_in / groups; the paper's code leaves the groups out.</summary>
    /// <param name="kernelHeight">kh.</param>
    /// <param name="kernelWidth">kw.</param>
    /// <param name="inputChannels">C_in, a multiple of <paramref name="groups"/>.</param>
    /// <param name="groups">Groups; C_in for a depthwise convolution.</param>
    /// <param name="profile">Equation or code.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or the channels do not divide into the groups.</exception>
    public static int DotLength(int kernelHeight, int kernelWidth, int inputChannels, int groups, ReferenceProfile profile)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(kernelHeight, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(kernelWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(inputChannels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        if (inputChannels % groups != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(groups), groups, $"{inputChannels} input channels do not divide into {groups} groups");
        }

        return kernelHeight * kernelWidth * (profile == ReferenceProfile.PaperCode ? inputChannels : inputChannels / groups);
    }

    /// <summary>A of one filter at one position: the whole sum of squares; the paper's code counts only the taps that do not meet padding.</summary>
    /// <param name="filter">[kernelHeight x kernelWidth x channels] weights, kernel row first.</param>
    /// <param name="kernelHeight">kh.</param>
    /// <param name="kernelWidth">kw.</param>
    /// <param name="rows">Kernel rows that lie on the image.</param>
    /// <param name="columns">Kernel columns that lie on the image.</param>
    /// <param name="profile">Equation or code.</param>
    /// <exception cref="ArgumentException">The filter's length is no multiple of kh kw, or a range leaves the kernel.</exception>
    public static double WeightSquares(
        ReadOnlySpan<float> filter, int kernelHeight, int kernelWidth, Range rows, Range columns, ReferenceProfile profile)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(kernelHeight, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(kernelWidth, 1);
        if (filter.IsEmpty || filter.Length % (kernelHeight * kernelWidth) != 0)
        {
            throw new ArgumentException($"{filter.Length} weights do not fill a kernel of {kernelHeight} x {kernelWidth} taps", nameof(filter));
        }

        int channels = filter.Length / (kernelHeight * kernelWidth);
        (int firstRow, int rowCount) = (profile == ReferenceProfile.PaperCode ? rows : ..).GetOffsetAndLength(kernelHeight);
        (int firstColumn, int columnCount) = (profile == ReferenceProfile.PaperCode ? columns : ..).GetOffsetAndLength(kernelWidth);
        double sum = 0;
        for (int row = firstRow; row < firstRow + rowCount; row++)
        {
            foreach (float weight in filter.Slice((row * kernelWidth + firstColumn) * channels, columnCount * channels))
            {
                sum += (double)weight * weight;
            }
        }

        return sum;
    }
}
