using AnalogHil.Core.Statistics;

namespace AnalogHil.Precision.Search.Budgets;

/// <summary>What the error of a drop means for the energy it was read off at: SE(ln E) = SE(drop) / |d drop / d ln E|.</summary>
internal static class EnergyInterval
{
    // Beyond this factor the drop hardly changes with energy: the images do not say what the energy is.
    private const double LargestFactor = 100;

    /// <summary>95 % interval of an energy, in its own unit; [0, infinity) where the images do not bound it.</summary>
    /// <param name="energy">The energy.</param>
    /// <param name="error">Standard error of the drop there, a fraction.</param>
    /// <param name="slope">d drop / d ln E there; negative where more energy loses less.</param>
    public static Interval Around(double energy, double error, double slope)
    {
        double factor = slope < 0 ? Math.Exp(1.96 * error / -slope) : double.PositiveInfinity;
        return factor <= LargestFactor ? new Interval(energy / factor, energy * factor) : new Interval(0, double.PositiveInfinity);
    }
}
