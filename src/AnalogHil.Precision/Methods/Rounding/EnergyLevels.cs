using System.Collections.Immutable;

namespace AnalogHil.Precision.Methods.Rounding;

/// <summary>The energies that a device can be told: whole repeats, or quanta of photons. Rounding is in the logarithm: between neighbours a and b the threshold is sqrt(a b).</summary>
/// <remarks>Noise goes with 1 / E, so that a factor up and a factor down cost about as much; the lowest level, one read, is never undercut.</remarks>
public sealed class EnergyLevels
{
    private readonly ImmutableArray<double> _levels;
    private readonly double _largest;

    private EnergyLevels(ImmutableArray<double> levels, double largest)
    {
        _levels = levels;
        _largest = largest;
    }

    /// <summary>1, 2, ... <paramref name="largest"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The largest is below 1.</exception>
    public static EnergyLevels Integers(int largest)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(largest, 1);
        return new EnergyLevels([], largest);
    }

    /// <summary>Any levels, such as the photons that a laser's steps give.</summary>
    /// <param name="levels">At least one, positive, ascending.</param>
    /// <exception cref="ArgumentException">There is none, or they do not ascend from above 0.</exception>
    public static EnergyLevels Of(params ReadOnlySpan<double> levels)
    {
        for (int i = 0; i < levels.Length; i++)
        {
            if (!(levels[i] > (i == 0 ? 0 : levels[i - 1]) && double.IsFinite(levels[i])))
            {
                throw new ArgumentException($"level {i} is {levels[i]}; levels are positive and ascend", nameof(levels));
            }
        }

        return levels.IsEmpty
            ? throw new ArgumentException("no energy level is given; give at least one", nameof(levels))
            : new EnergyLevels([.. levels], levels[^1]);
    }

    /// <summary>The level of an energy.</summary>
    /// <param name="energy">E, above 0.</param>
    public double Round(double energy)
    {
        if (_levels.IsEmpty)
        {
            double below = Math.Floor(Math.Clamp(energy, 1, _largest));
            return energy >= Math.Sqrt(below * (below + 1)) ? Math.Min(below + 1, _largest) : below;
        }

        int i = 0;
        while (i + 1 < _levels.Length && energy >= Math.Sqrt(_levels[i] * _levels[i + 1]))
        {
            i++;
        }

        return _levels[i];
    }

    /// <summary>The levels of several energies.</summary>
    public double[] Round(ReadOnlySpan<double> energy)
    {
        double[] result = new double[energy.Length];
        for (int j = 0; j < result.Length; j++)
        {
            result[j] = Round(energy[j]);
        }

        return result;
    }
}
