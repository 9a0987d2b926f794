using AnalogHil.Core.Statistics;
using AnalogHil.Precision.Search.Drops;

namespace AnalogHil.Precision.Search.Budgets;

/// <summary>Energy of one allocation over that of another which is predicted to certify as well.</summary>
internal static class PairedEnergyRatio
{
    /// <summary>The ratio with its 95 % interval. Both saw the same images and normals: an error that both drops share moves both energies.</summary>
    /// <remarks>
    /// ln E = (drop - aim) / |d drop / d ln E|, so that an image which both lose moves each energy by its own slope; the error is that of the difference of the
    /// two, image by image. Equal slopes leave the paired difference of the drops. Unbounded where either drop does not fall with energy.
    /// </remarks>
    /// <param name="reference">What is compared with.</param>
    /// <param name="learned">What is compared.</param>
    /// <param name="left">Drops of the first.</param>
    /// <param name="right">Drops of the second.</param>
    /// <param name="displaced">How far, in ln E, the second may lie from the energy that loses as much as the first: added to the interval on either side.</param>
    public static Estimate Of(EnergyOutcome reference, EnergyOutcome learned, DropSample left, DropSample right, double displaced = 0)
    {
        double value = learned.Energy / reference.Energy;
        int n = Math.Min(left.Images, right.Images);
        bool bounded = double.IsFinite(reference.EnergyInterval.High) && double.IsFinite(learned.EnergyInterval.High)
            && reference.Slope < 0 && learned.Slope < 0;
        return new Estimate(value, bounded ? Around(value, LogError(left, reference.Slope, right, learned.Slope, n), displaced) : new Interval(0, double.PositiveInfinity), "1", n);
    }

    private static Interval Around(double value, double logError, double displaced)
    {
        Interval noise = EnergyInterval.Around(value, logError, -1);
        double factor = Math.Exp(Math.Abs(displaced));
        return new Interval(noise.Low / factor, noise.High * factor);
    }

    private static double LogError(DropSample left, double leftSlope, DropSample right, double rightSlope, int n)
    {
        double mean = 0;
        double squares = 0;
        for (int i = 0; i < n; i++)
        {
            double difference = left.Lost(i) / leftSlope - right.Lost(i) / rightSlope;
            mean += difference / n;
            squares += difference * difference;
        }

        // Where no image tells the plans apart, up to 3 of n might (95 %): their distance is not known exactly.
        double least = 3 / (leftSlope * rightSlope);
        return Math.Sqrt(Math.Max(squares - n * mean * mean, least) / ((double)n * Math.Max(n - 1, 1)));
    }
}
