using AnalogHil.Core.Statistics;

namespace AnalogHil.Precision.Search;

/// <summary>Predicts whether the certification to come would accept.</summary>
/// <param name="Target">Largest drop to be tolerated, a fraction.</param>
/// <param name="Examples">M of the certification.</param>
/// <param name="Wanted">Probability that is asked for.</param>
public sealed record AcceptanceRule(double Target, int Examples, double Wanted)
{
    /// <summary>One-sided level of the certification.</summary>
    /// <value>Default: 5 %.</value>
    public double Alpha { get; init; } = 0.05;

    /// <summary>Probability of ACCEPT at a drop that is itself known to a standard error only.</summary>
    public double Probability(double drop, double discordance, double standardError)
    {
        // A fitted drop can leave the range that its fitted discordance allows by a hair.
        double psi = Math.Clamp(discordance, 0, 1);
        return NonInferiority.AcceptanceProbability(Math.Clamp(drop, -psi, psi), psi, Examples, Target, standardError, Alpha);
    }

    /// <summary>Whether that is enough.</summary>
    public bool Accepts(double drop, double discordance, double standardError) =>
        drop < Target && Probability(drop, discordance, standardError) >= Wanted;

    /// <summary>Examples that a certification would need at a drop taken as exact; null when the drop is at or above the target.</summary>
    /// <param name="drop">A fraction.</param>
    /// <param name="discordance">psi, as seen on <paramref name="images"/> images.</param>
    /// <param name="images">Where none differed, up to 3 of this many might (95 %).</param>
    public int? ExamplesNeeded(double drop, double discordance, int images)
    {
        if (drop >= Target)
        {
            return null;
        }

        double psi = Math.Clamp(Math.Max(discordance, 3.0 / images), Math.Abs(drop), 1);
        long low = 1;
        long high = int.MaxValue;
        while (low < high)
        {
            long middle = (low + high) / 2;
            bool enough = (this with { Examples = (int)middle }).Accepts(drop, psi, 0);
            (low, high) = enough ? (low, middle) : (middle + 1, high);
        }

        return low == int.MaxValue ? null : (int)low;
    }
}
